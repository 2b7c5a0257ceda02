package infra

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// PVC describes a PersistentVolumeClaim.
type PVC struct {
	at    place
	name  builder.String
	size  string
	class *named
	modes []named
}

// NewPVC describes a PersistentVolumeClaim of a size, a quantity such as
// "10Gi", which one node may mount at a time.
//
//	cache := infra.NewPVC("go-cache", "10Gi").StorageClass("fast")
//	run := p.Run("build-", mod.PVC("go-cache"))
//
// The name may hold fields of an event: such a claim is for a trigger to make,
// beside the run. Volumes of one run alone are easier: Workspace.VolumeClaimTemplate.
func NewPVC(name builder.String, size string) *PVC {
	return &PVC{at: callsite.Here(), name: name, size: size}
}

// StorageClass sets the storage class. The default is the cluster's; "" is none,
// for a volume that exists already.
func (c *PVC) StorageClass(name string) *PVC {
	if c != nil {
		c.class = &named{callsite.Here(), name}
	}
	return c
}

// AccessModes sets who may mount the volume: "ReadWriteMany" and the like. The
// default is "ReadWriteOnce". Runs on several nodes at once need ReadWriteMany.
func (c *PVC) AccessModes(modes ...string) *PVC {
	if c != nil {
		c.modes = appendNames(nil, callsite.Here(), modes)
	}
	return c
}

// Object is the claim for a template, where fields of events stand as
// $(tt.params.NAME).
func (c *PVC) Object() (object.Object, error) {
	if c == nil {
		_, err := absent("PersistentVolumeClaim", "make it with infra.NewPVC")
		return object.Object{}, err
	}
	o, _, l := c.lower()
	return o, l.list.Err()
}

// EventFields are the fields of events in the name. Where there are any, the
// claim is for a trigger to make.
func (c *PVC) EventFields() []builder.EventField {
	if c == nil {
		return nil
	}
	_, fields, _ := c.lower()
	return fields
}

// Objects is the PersistentVolumeClaim. The error, and the objects beside one,
// are as in manifest.Source.
func (c *PVC) Objects() ([]object.Object, error) {
	if c == nil {
		return absent("PersistentVolumeClaim", "make it with infra.NewPVC")
	}
	o, _, l := c.lower()
	if field := templateField(l.name); field != "" {
		l.report(c.at, diag.Fields("metadata", "name"), "event-misplaced", field,
			"the claim takes "+q(field)+", a field of an event, and no event makes it",
			"pass the claim to the On method of a listener, behind the run")
	}
	return finish([]object.Object{o}, l.list)
}

// inTemplate reports whether a template replaces the variable.
func inTemplate(m tekref.Match) bool {
	name, ok := strings.CutPrefix(m.Expr, tekref.TemplatePrefix)
	return !m.Open && (m.Expr == tekref.UID || ok && tekref.IsTemplateParam(name))
}

// templateField is the first variable of s that a template replaces, "" if
// there is none.
func templateField(s string) string {
	for m := range tekref.Scan(s) {
		if inTemplate(m) {
			return m.String()
		}
	}
	return ""
}

func (c *PVC) lower() (object.Object, []builder.EventField, *lowering) {
	l := lower(c.at, corev1.SchemeGroupVersion.WithKind("PersistentVolumeClaim"), handle.Strip(string(c.name)))
	fields := l.eventFields(c.at, c.name)
	name := dnsName
	name.Broken = func(s string) []string {
		if len(l.list) > 0 {
			return nil // more is known already than that it is no DNS name
		}
		return dnsName.Broken(tekref.Replace(s, func(m tekref.Match) string {
			if inTemplate(m) {
				return "x"
			}
			return m.String()
		}))
	}
	o := &corev1.PersistentVolumeClaim{}
	o.TypeMeta, o.ObjectMeta = l.meta(name)
	size, err := resource.ParseQuantity(c.size)
	if err != nil || size.Sign() <= 0 {
		l.report(c.at, diag.Fields("spec", "resources", "requests", "storage"), "quantity-invalid", c.size, "size "+q(c.size)+" is not the size of a volume",
			`write it as "1Gi" or "500Mi"`)
	} else {
		o.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: size}
	}
	if c.class != nil {
		if c.class.name != "" {
			l.check(c.class.at, diag.Fields("spec", "storageClassName"), dnsName, "storage class", c.class.name)
		}
		class := c.class.name
		o.Spec.StorageClassName = &class
	}
	o.Spec.AccessModes = l.accessModes(c.modes)
	return l.object(o), fields, l
}

// accessModes lowers access modes.
func (l *lowering) accessModes(list []named) []corev1.PersistentVolumeAccessMode {
	if len(list) == 0 {
		return []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
	}
	known := []string{"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"}
	var out []corev1.PersistentVolumeAccessMode
	modes := l.once("mode")
	for i, m := range list {
		path := diag.Fields("spec", "accessModes").Index(i)
		switch {
		case !slices.Contains(known, m.name):
			l.report(m.at, path, "access-mode-invalid", handle.Strip(m.name), "access mode "+q(handle.Strip(m.name))+" is not one that Kubernetes knows",
				"use one of "+strings.Join(known, ", "))
		case m.name == "ReadWriteOncePod" && len(list) > 1:
			l.report(m.at, path, "access-mode-invalid", m.name, "access mode "+q(m.name)+" stands beside others", "it stands alone: one pod, and no other way")
		case modes.first(m.at, path, m.name):
			out = append(out, corev1.PersistentVolumeAccessMode(m.name))
		}
	}
	return out
}

// eventFields returns the fields of events in a name, and reports every other
// reference.
func (l *lowering) eventFields(at place, name builder.String) []builder.EventField {
	parts, fault := handle.Parse(string(name))
	if fault != handle.Fine {
		l.report(at, diag.Fields("metadata", "name"), "handle-sliced", l.name, "the name holds a piece of a reference",
			"a handle is a reference, not the value of a run: do not slice, split, trim or quote it")
		return nil
	}
	var out []builder.EventField
	for _, p := range parts {
		switch t := p.Token; {
		case t == nil:
		case t.Form == handle.Bad:
			l.report(at, diag.Fields("metadata", "name"), "field-missing", l.name, "the name takes a field that its event does not have",
				"take another field, or read it by Body")
		case t.Owner.Scope == handle.Event:
			out = append(out, builder.EventField{Text: builder.String(t.String()), Position: at.Position()})
		default:
			l.report(at, diag.Fields("metadata", "name"), "run-value", t.Expr, "the name holds "+q(tekref.Text(t.Expr))+", which is known only inside a pipeline",
				"a name is plain text, or takes fields of the event that the claim is made for")
		}
	}
	return out
}
