import { choose, LOW, MID } from "./features.js";
import { start } from "./start.js";

start(choose({ ...MID, ...LOW }));
