/** The Node that runs: what starts further commands starts them with the same. */
export const nodeProgram = process.execPath;
