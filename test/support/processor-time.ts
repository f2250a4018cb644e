/** Gives the milliseconds of processor time of this process since the call: unlike a clock's, they do not grow with what else runs. */
export function processorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}
