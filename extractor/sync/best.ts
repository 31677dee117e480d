/** Numbers with a value, of which only the best are kept: a heap with the least of these on top. */
export class Best {
  readonly #most: number;
  readonly #numbers: number[] = [];
  readonly #values: number[] = [];

  /** @param most how many are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** The least value that is still among the best; 0 while there is room for more. */
  get price(): number {
    return this.#numbers.length < this.#most ? 0 : (this.#values[0] ?? 0);
  }

  add(number: number, value: number): void {
    const size = this.#numbers.length;
    if (size < this.#most) this.#raise(size, number, value);
    else if (size > 0 && this.#isAbove(0, number, value)) this.#sink(number, value);
  }

  /** The best first; of equal ones the higher number. */
  numbers(): number[] {
    const order = this.#numbers.map((_, place) => place);
    order.sort((a, b) => (this.#values[b] ?? 0) - (this.#values[a] ?? 0) || (this.#numbers[b] ?? 0) - (this.#numbers[a] ?? 0));
    return order.map((place) => this.#numbers[place] ?? 0);
  }

  /** Whether the number would come before the one at a place. */
  #isAbove(place: number, number: number, value: number): boolean {
    const other = this.#values[place] ?? 0;
    return value > other || (value === other && number > (this.#numbers[place] ?? 0));
  }

  #raise(from: number, number: number, value: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#isAbove(parent, number, value)) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, number, value);
  }

  #sink(number: number, value: number): void {
    const size = this.#numbers.length;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isAbove(child + 1, this.#numbers[child] ?? 0, this.#values[child] ?? 0)) child += 1;
      if (!this.#isAbove(child, number, value)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, number, value);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#numbers[from] ?? 0, this.#values[from] ?? 0);
  }

  #put(place: number, number: number, value: number): void {
    this.#numbers[place] = number;
    this.#values[place] = value;
  }
}
