package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/tekwright/tekwright/internal/tekref"
)

// containerResources are what a container may ask for, besides huge pages and
// what has a domain in its name.
var containerResources = []string{"cpu", "memory", "ephemeral-storage"}

// amounts checks names and units of the resources of a container, which Tekton
// hands on to the API server as they are.
func (c *checker) amounts(s spot, label string, r corev1.ResourceRequirements) {
	for _, l := range [...]struct {
		name string
		list corev1.ResourceList
	}{{"requests", r.Requests}, {"limits", r.Limits}} {
		at := s.field(l.name)
		for _, name := range sortedKeys(l.list) {
			c.amount(at.at(key(at.path, string(name))), label, string(name), l.list[name])
		}
	}
}

func (c *checker) amount(s spot, label, name string, amount resource.Quantity) {
	switch {
	case strings.ContainsRune(name, '/') || strings.HasPrefix(name, "hugepages-") || tekref.Contains(name):
	case !slices.Contains(containerResources, name):
		c.fail(s, "resources-invalid", name, label+" asks for "+q(name)+", which no node has: the API server refuses the pod", oneOf(name, containerResources))
	case name == "cpu" && amount.Format == resource.BinarySI:
		c.fail(s, "resources-invalid", name, label+" asks for "+amount.String()+" of cpu, and no node has that many cores", "write cores or thousandths of one: 500m")
	case name != "cpu" && strings.HasSuffix(amount.String(), "m"):
		c.warn(s, "resources-invalid", name, label+" asks for "+amount.String()+" of "+name+", which is thousandths of a byte", "write bytes: 512Mi")
	}
}

var (
	profileTypes = []string{"RuntimeDefault", "Localhost", "Unconfined"}
	capabilities = []string{
		"ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
		"FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
		"NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT",
		"SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
	}
)

// security checks what a security context names.
func (c *checker) security(s spot, label string, sc *corev1.SecurityContext) {
	if sc == nil {
		return
	}
	s = s.field("securityContext")
	if p := sc.SeccompProfile; p != nil {
		c.profileType(s.field("seccompProfile.type"), "seccomp", label, string(p.Type))
	}
	if p := sc.AppArmorProfile; p != nil {
		c.profileType(s.field("appArmorProfile.type"), "AppArmor", label, string(p.Type))
	}
	if sc.Capabilities == nil {
		return
	}
	at := s.field("capabilities")
	for i, name := range sc.Capabilities.Add {
		if !isCapability(string(name)) {
			c.fail(at.index("add", i), "security-invalid", string(name), label+" adds the capability "+q(string(name))+", which does not exist: the container does not start", oneOf(string(name), capabilities))
		}
	}
	for i, name := range sc.Capabilities.Drop {
		if !isCapability(string(name)) {
			c.warn(at.index("drop", i), "security-invalid", string(name), label+" drops the capability "+q(string(name))+", which does not exist, so it keeps what was meant", suggest(string(name), capabilities, `write "ALL"`))
		}
	}
}

func (c *checker) profileType(s spot, noun, label, kind string) {
	if !slices.Contains(profileTypes, kind) && !tekref.Contains(kind) {
		c.fail(s, "security-invalid", kind, "the "+noun+" profile of "+label+" is of type "+q(kind)+", which does not exist: the API server refuses the pod", oneOf(kind, profileTypes))
	}
}

func isCapability(name string) bool {
	return tekref.Contains(name) || slices.Contains(capabilities, strings.TrimPrefix(strings.ToUpper(name), "CAP_"))
}
