// Runs every drive of the module that is named, says of each how it ended, and ends 0 when all are ok. Nothing here
// prints a token.
const { drives } = await import(`./${process.argv[2]}.js`)

let failed = 0
for (const [name, drive] of Object.entries(drives)) {
  try {
    await drive()
    console.log(`ok ${name}`)
  } catch (error) {
    failed++
    console.log(`FAILED ${name}: ${error.code ?? error.name}: ${String(error.message).split('\n')[0]}`)
    if (error.cause?.parameters || error.error) {
      console.log(`  ${JSON.stringify(error.error ?? error.cause.parameters)}`)
    }
  }
}
process.exitCode = failed ? 1 : 0
