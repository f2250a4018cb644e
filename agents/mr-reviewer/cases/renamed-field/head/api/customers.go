package api

import "context"

type Customer struct {
	ID      int64  `json:"id"`
	Name    string `json:"display_name"`
	Balance int64  `json:"balance"`
}

type Store interface {
	Customers(ctx context.Context) ([]Customer, error)
	Balance(ctx context.Context, id int64) (int64, error)
}

func List(ctx context.Context, store Store) ([]Customer, error) {
	customers, err := store.Customers(ctx)
	if err != nil {
		return nil, err
	}
	for i := range customers {
		customers[i].Balance, _ = store.Balance(ctx, customers[i].ID)
	}
	return customers, nil
}
