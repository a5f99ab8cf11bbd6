// How a deadline is picked: the day that the chosen number of days gives, in calendar or in working days.

/** The words beside the choice; `until` is the data of hazards/due.py, `due` the choice, `working` whether in working days. */
export function untilWords(until, due, working) {
  const words = until[due];
  if (!words) return "";
  return working ? words.working : words.days;
}
