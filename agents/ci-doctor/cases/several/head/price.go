package shop

func WithVat(net int) int {
	// In cents.
	if net < 0 {
		return 0
	}

	// Rounded down.
	return net +
		// of a hundred
		net*vat/100
}
