import { choose, MID } from "./features.js";
import { start } from "./start.js";

start(choose(MID));
