/** Number of this process, by which those it starts see whether it still runs. */
export const ownNumber = process.pid;
