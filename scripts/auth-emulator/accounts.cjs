// Keeps a project's accounts in a file, because the emulator forgets them when it ends.
const fs = require('node:fs')

const SAVED_WITHIN_MS = 200 // what `kill -9` may lose: the last moment, and no more than a person notices

/** Fill `state` (firebase-tools' ProjectState) from `file`; what is returned writes the file anew when it differs. */
exports.keepAccounts = (state, file) => {
  for (const account of read(file)) restore(state, account)
  let saved = written(state)
  let waiting = null

  const save = () => {
    clearTimeout(waiting)
    waiting = null
    const accounts = written(state)
    if (accounts === saved) return
    try {
      replace(file, accounts)
      saved = accounts
    } catch (error) {
      console.error(`the accounts could not be saved (${error.code}); the next request tries again`)
    }
  }
  const saveSoon = () => {
    waiting ??= setTimeout(save, SAVED_WITHIN_MS)
  }
  return { save, saveSoon }
}

const written = (state) => JSON.stringify([...state.users.values()], null, 1)

function read(file) {
  if (!fs.existsSync(file)) return []
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    fs.renameSync(file, `${file}.unreadable`)
    console.error(`the accounts could not be read and are put aside in ${file}.unreadable`)
    return []
  }
}

function restore(state, account) {
  // The state adds these two itself, from the password and the telephone number.
  const others = (account.providerUserInfo ?? []).filter(({ providerId }) => !['password', 'phone'].includes(providerId))
  state.overwriteUserWithLocalId(account.localId, { ...account, providerUserInfo: others })
}

/** Whole or not at all, and for its owner alone: the emulator's password hashes are the passwords. */
function replace(file, text) {
  const partial = `${file}.partial`
  fs.rmSync(partial, { force: true })
  fs.writeFileSync(partial, text, { mode: 0o600, flush: true })
  fs.renameSync(partial, file)
}
