/** The value of a hexadecimal digit by its character code, -1 for any other character. */
export function hexDigit(code: number): number {
  const decimal = code - 0x30
  if (decimal >= 0 && decimal <= 9) return decimal
  const letter = (code | 0x20) - 0x57
  return letter >= 10 && letter <= 15 ? letter : -1
}
