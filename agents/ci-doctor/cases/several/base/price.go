package shop

const vat = 19
