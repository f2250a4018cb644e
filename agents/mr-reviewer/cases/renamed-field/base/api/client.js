// The shop's own front end.
export async function showCustomers(list) {
  const customers = await (await fetch('/api/customers')).json();
  list.replaceChildren(...customers.map(({ name }) => new Option(name)));
}
