import { MID, vitals } from "./features.js";
import { start } from "./start.js";

start(MID, vitals);
