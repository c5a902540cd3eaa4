// Starts the Firebase Auth emulator alone, on loopback, without the CLI around it.
const ajv = require('ajv/dist/core')
// The emulator validates its own API schema at start: 10 s of CPU for a file that is pinned and never changes.
ajv.default.prototype.validateSchema = () => true
const { createApp } = require('firebase-tools/lib/emulator/auth/server') // private path: the version is pinned

const port = Number(process.env.PORT)
const project = process.env.GCLOUD_PROJECT

createApp(project).then((app) => {
  const server = app.listen(port, '127.0.0.1', () => {
    console.log(`the Auth emulator serves project ${project} on port ${port}`)
  })
  const stop = () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
})
