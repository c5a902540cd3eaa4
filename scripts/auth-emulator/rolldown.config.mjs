export default {
  input: 'emulator.cjs', platform: 'node',
  output: { file: '../auth-emulator.cjs', format: 'cjs', minify: false, codeSplitting: false },
}
