import picocolors from "picocolors";
import { word } from "./nested/word.mjs";

console.log(typeof picocolors.red, word);
