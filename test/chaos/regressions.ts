/** Seeds whose runs were violated once, with what it was; every run of the suite tries them again. */
export const regressions: readonly { readonly seed: number; readonly was: string }[] = [];
