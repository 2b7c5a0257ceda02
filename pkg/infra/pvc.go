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
	metadata
}

// NewPVC returns a PersistentVolumeClaim with the given name and size, which is a
// quantity such as "10Gi".
//
//	cache := infra.NewPVC("go-cache", "10Gi").StorageClass("fast")
//	run := p.Run("build-", mod.PVC("go-cache"))
//
// The name may contain fields of an event. A trigger then creates the PVC together
// with the run. For a volume that only one run uses, it is simpler to use the method
// VolumeClaimTemplate of a workspace.
func NewPVC(name builder.String, size string) *PVC {
	return &PVC{at: callsite.Here(), name: name, size: size}
}

// StorageClass sets the storage class. The default is that of the cluster. "" means
// no storage class, for a volume that already exists.
func (p *PVC) StorageClass(name string) *PVC {
	if p != nil {
		p.class = &named{callsite.Here(), name}
	}
	return p
}

// AccessModes sets the access modes, such as "ReadWriteMany". The default is
// "ReadWriteOnce", which allows one node at a time to mount the volume. Pods on
// several nodes at the same time need "ReadWriteMany".
func (p *PVC) AccessModes(modes ...string) *PVC {
	if p != nil {
		p.modes = appendNames(nil, callsite.Here(), modes)
	}
	return p
}

// Object returns the PVC for a TriggerTemplate, with the fields of events as
// variables $(tt.params.NAME).
func (p *PVC) Object() (object.Object, error) {
	if p == nil {
		_, err := absent("PersistentVolumeClaim", "create it with infra.NewPVC")
		return object.Object{}, err
	}
	o, _, l := p.lower()
	return o, l.list.Err()
}

// EventFields returns the fields of events in the name. If there are any, the PVC
// must be created by a trigger.
func (p *PVC) EventFields() []builder.EventField {
	if p == nil {
		return nil
	}
	_, fields, _ := p.lower()
	return fields
}

// Objects returns the PersistentVolumeClaim. It implements manifest.Source.
func (p *PVC) Objects() ([]object.Object, error) {
	if p == nil {
		return absent("PersistentVolumeClaim", "create it with infra.NewPVC")
	}
	o, _, l := p.lower()
	if field := templateField(l.name); field != "" {
		l.report(p.at, diag.Fields("metadata", "name"), "event-misplaced", field,
			"the PersistentVolumeClaim uses "+q(field)+", a field of an event, but is not created by a trigger",
			"pass the PersistentVolumeClaim to the On method of a listener, after the run")
	}
	return finish([]object.Object{o}, l.list)
}

// inTemplate reports whether a TriggerTemplate replaces the variable.
func inTemplate(m tekref.Match) bool {
	name, ok := strings.CutPrefix(m.Expr, tekref.TemplatePrefix)
	return !m.Open && (m.Expr == tekref.UID || ok && tekref.IsTemplateParam(name))
}

// templateField returns the first variable in s that a TriggerTemplate replaces, or
// "".
func templateField(s string) string {
	for m := range tekref.Scan(s) {
		if inTemplate(m) {
			return m.String()
		}
	}
	return ""
}

func (p *PVC) lower() (object.Object, []builder.EventField, *lowering) {
	l := lower(p.at, corev1.SchemeGroupVersion.WithKind("PersistentVolumeClaim"), handle.Strip(string(p.name)))
	fields := l.eventFields(p.at, p.name)
	name := dnsName
	name.Problems = func(s string) []string {
		if len(l.list) > 0 {
			return nil // a more specific mistake is already reported
		}
		return dnsName.Problems(tekref.Replace(s, func(m tekref.Match) string {
			if inTemplate(m) {
				return "x"
			}
			return m.String()
		}))
	}
	o := &corev1.PersistentVolumeClaim{}
	o.TypeMeta, o.ObjectMeta = l.meta(name)
	p.metadata.lower(l, &o.ObjectMeta)
	size, err := resource.ParseQuantity(p.size)
	if err != nil || size.Sign() <= 0 {
		l.report(p.at, diag.Fields("spec", "resources", "requests", "storage"), "quantity-invalid", p.size, "the size "+q(p.size)+" is not a valid volume size",
			`write a size such as "1Gi" or "500Mi"`)
	} else {
		o.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: size}
	}
	if p.class != nil {
		if p.class.name != "" {
			l.check(p.class.at, diag.Fields("spec", "storageClassName"), dnsName, "the storage class", p.class.name)
		}
		class := p.class.name
		o.Spec.StorageClassName = &class
	}
	o.Spec.AccessModes = l.accessModes(p.modes)
	return l.object(o), fields, l
}

// accessModes lowers access modes.
func (l *lowering) accessModes(list []named) []corev1.PersistentVolumeAccessMode {
	if len(list) == 0 {
		return []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
	}
	known := []string{"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"}
	var out []corev1.PersistentVolumeAccessMode
	modes := l.once("mode", "access mode")
	for i, m := range list {
		path := diag.Fields("spec", "accessModes").Index(i)
		switch {
		case !slices.Contains(known, m.name):
			l.report(m.at, path, "access-mode-invalid", handle.Strip(m.name), "access mode "+q(handle.Strip(m.name))+" is unknown",
				"use one of "+strings.Join(known, ", "))
		case m.name == "ReadWriteOncePod" && len(list) > 1:
			l.report(m.at, path, "access-mode-invalid", m.name, "access mode "+q(m.name)+" is combined with others", "remove the other access modes: only one pod may mount the volume")
		case modes.first(m.at, path, m.name):
			out = append(out, corev1.PersistentVolumeAccessMode(m.name))
		}
	}
	return out
}

// eventFields returns the fields of events in a name, and reports all other
// handles.
func (l *lowering) eventFields(at place, name builder.String) []builder.EventField {
	parts, fault := handle.Parse(string(name))
	if fault != handle.NoFault {
		l.report(at, diag.Fields("metadata", "name"), "handle-sliced", l.name, "the name contains a part of a handle",
			"do not slice, split, trim or quote handles: they are variables, not values")
		return nil
	}
	var out []builder.EventField
	for _, p := range parts {
		switch t := p.Token; {
		case t == nil:
		case t.Form == handle.Bad:
			l.report(at, diag.Fields("metadata", "name"), "field-missing", l.name, "the name uses a field that the event does not have",
				"use another field, or read it with Body")
		case t.Owner.Scope == handle.Event:
			out = append(out, builder.EventField{Text: builder.String(t.String()), Position: at.Position()})
		default:
			l.report(at, diag.Fields("metadata", "name"), "run-value", t.Expr, "the name contains "+q(tekref.Text(t.Expr))+", which has a value only inside a Pipeline",
				"use plain text, or a field of the event that starts the run")
		}
	}
	return out
}
