package api

import "context"

type Customer struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type Store interface {
	Customers(ctx context.Context) ([]Customer, error)
	Balance(ctx context.Context, id int64) (int64, error)
}

func List(ctx context.Context, store Store) ([]Customer, error) {
	return store.Customers(ctx)
}
