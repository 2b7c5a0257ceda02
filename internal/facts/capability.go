package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Capabilities are the names of the Linux capabilities, and ALL, as Kubernetes
// spells them.
var Capabilities = []string{
	"ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
	"FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
	"NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT",
	"SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
}

// IsCapability reports whether the name may be a capability that a container runtime
// knows. The prefix CAP_ and lower case are accepted. A name with a variable may be
// any.
func IsCapability(name string) bool {
	return tekref.Contains(name) || slices.Contains(Capabilities, strings.TrimPrefix(strings.ToUpper(name), "CAP_"))
}
