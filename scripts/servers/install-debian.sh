#!/bin/sh
# Installs packages of servers for tests, as root, on Debian and its descendants.
# Arguments: names of packages, each also the name of its service.
# Tests start servers of their own: no service is started or enabled, and PostgreSQL gets no database cluster.
set -eu
export DEBIAN_FRONTEND=noninteractive

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
written=
trap 'rm -f $written' EXIT
trap 'exit 1' INT TERM HUP

if [ ! -e "$policy" ]; then
  written="$policy"
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
mkdir -p "$clusters"
written="$written $clusters/no-main-cluster.conf"
echo 'create_main_cluster = false' > "$clusters/no-main-cluster.conf"

apt-get update -q
apt-get install -q -y --no-install-recommends "$@"

for service in "$@"; do
  # Containers have no systemd, and nothing to turn off.
  systemctl disable "$service" > /dev/null 2>&1 || true
done
