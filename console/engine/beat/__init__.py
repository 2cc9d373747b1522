"""One heartbeat, from checkout to evidence."""

from console.engine.beat.heartbeat import Heartbeat
from console.engine.beat.lane_runtime import LaneRuntime
from console.engine.beat.order import BeatOrder, Services

__all__ = ["BeatOrder", "Heartbeat", "LaneRuntime", "Services"]
