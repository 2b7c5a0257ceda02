package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Capabilities are the names of the capabilities of Linux, and ALL, as Kubernetes
// writes them.
var Capabilities = []string{
	"ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
	"FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
	"NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT",
	"SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
}

// IsCapability reports whether a container runtime may know a capability by the
// name: the prefix CAP_ and lower case do no harm, and what a variable becomes is
// not known.
func IsCapability(name string) bool {
	return tekref.Contains(name) || slices.Contains(Capabilities, strings.TrimPrefix(strings.ToUpper(name), "CAP_"))
}
