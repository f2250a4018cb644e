export interface Stock {
  /** Rejects where there is none left. */
  readonly reserve: (item: string) => Promise<void>;
}

export interface Payments {
  /** Charges each time it is called. */
  readonly charge: (cart: string) => Promise<void>;
}

export interface Mailer {
  readonly confirm: (cart: string) => Promise<void>;
}
