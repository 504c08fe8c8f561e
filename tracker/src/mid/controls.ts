/** What answers to a click by itself, and is clicked again and again: fields, drawings, players, other documents. */
export const controls = "input,select,option,textarea,label,[contenteditable],canvas,video,audio,iframe,embed,object,";
