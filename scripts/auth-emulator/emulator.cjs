// Starts the Firebase Auth emulator alone, on loopback, without the CLI around it.
const ajv = require('ajv/dist/core')
// The emulator validates its own API schema at start: 10 s of CPU for a file that is pinned and never changes.
ajv.default.prototype.validateSchema = () => true
// Private paths: the version is pinned.
const { createApp } = require('firebase-tools/lib/emulator/auth/server')
const { AgentProjectState } = require('firebase-tools/lib/emulator/auth/state')
const { keepAccounts } = require('./accounts.cjs')

const port = Number(process.env.PORT)
const project = process.env.GCLOUD_PROJECT

const state = new AgentProjectState(project)
const accounts = keepAccounts(state, process.env.ACCOUNTS_FILE)

createApp(project, undefined, new Map([[project, state]])).then((app) => {
  const server = app.listen(port, '127.0.0.1', () => {
    console.log(`the Auth emulator serves project ${project} on port ${port}`)
  })
  // Any request may change an account: the links in mails are GET.
  server.on('request', (_, response) => response.on('close', accounts.saveSoon))
  const stop = () => {
    accounts.save()
    server.close(() => process.exit(0))
    server.closeAllConnections()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
})
