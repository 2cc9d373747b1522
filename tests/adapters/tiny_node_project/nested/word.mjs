export const word = "here";
