import { LOW, MID, vitals } from "./features.js";
import { start } from "./start.js";

start({ ...MID, ...LOW }, vitals);
