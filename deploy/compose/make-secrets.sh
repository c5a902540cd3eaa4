#!/bin/sh
# Makes deploy/secrets: random passwords and keys, readable by root and by the containers' group 10001. Run as root,
# once; what is there already is kept.
set -eu
umask 027
cd "$(dirname "$0")/.."
if [ "$(id -u)" -ne 0 ]; then
    echo "Run this as root: the files are given to the containers' group, 10001." >&2
    exit 1
fi
if ! command -v openssl >/dev/null; then
    echo "openssl is needed and is not here. Install it, for example with: apt install openssl" >&2
    exit 1
fi
mkdir -p secrets articles backups

# write NAME TEXT: a new secret; one that is there is left alone.
write() {
    if [ ! -s "secrets/$1" ]; then
        printf '%s' "$2" >"secrets/$1"
        echo "made secrets/$1"
    fi
}

write owner_password "$(openssl rand -hex 24)"
write login_password "$(openssl rand -hex 24)"
write livekit_api_secret "$(openssl rand -hex 32)"
write owner_database_url "postgresql://insta_owner:$(cat secrets/owner_password)@postgres:5432/insta_voice"
write database_url "postgresql://insta_login:$(cat secrets/login_password)@postgres:5432/insta_voice"
write livekit_keys "insta-voice: $(cat secrets/livekit_api_secret)"

chgrp -R 10001 secrets
chmod 0750 secrets
chmod 0440 secrets/*
chown 10001:10001 backups
chmod 0750 backups
