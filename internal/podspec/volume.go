package podspec

import (
	"path"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Volume returns the problems of the source of a volume, if it has one source. Those of
// file modes and of a volumeClaimTemplate are not among them.
func Volume(v *corev1.Volume) []Problem {
	var l problems
	for _, r := range required(v) {
		l.lacks(diag.Fields(r.source), r.field, r.value, article(r.source)+r.source)
	}
	switch s := &v.VolumeSource; {
	case s.EmptyDir != nil:
		if size := s.EmptyDir.SizeLimit; size != nil && size.Sign() < 0 {
			l.add(diag.Fields("emptyDir", "sizeLimit"), size.String(), "has the negative sizeLimit "+size.String(), "use a size such as 1Gi, or remove it")
		}
	case s.HostPath != nil:
		l.noDots(diag.Fields("hostPath", "path"), s.HostPath.Path)
	case s.CSI != nil:
		if r := s.CSI.NodePublishSecretRef; r != nil {
			at := diag.Fields("csi", "nodePublishSecretRef")
			if !l.lacks(at, "name", r.Name, "a nodePublishSecretRef") {
				l.invalid(at.Field("name"), "name", r.Name, "use the name of a Secret", validation.IsDNS1123Subdomain)
			}
		}
	case s.NFS != nil:
		if p := s.NFS.Path; p != "" && !isOpen(p) && !path.IsAbs(p) {
			l.add(diag.Fields("nfs", "path"), p, "has the relative nfs path "+quote(p), "begin the path with a slash")
		}
	case s.Secret != nil:
		l.items(diag.Fields("secret"), s.Secret.Items)
	case s.ConfigMap != nil:
		l.items(diag.Fields("configMap"), s.ConfigMap.Items)
	case s.DownwardAPI != nil:
		l.files(diag.Fields("downwardAPI"), s.DownwardAPI.Items)
	case s.Projected != nil:
		l.projected(diag.Fields("projected"), s.Projected)
	case s.Ephemeral != nil:
		if s.Ephemeral.VolumeClaimTemplate == nil {
			l.missing(diag.Fields("ephemeral", "volumeClaimTemplate"), "has ephemeral without volumeClaimTemplate", "set volumeClaimTemplate")
		}
	}
	return l
}

// article returns the article for the name of a source.
func article(source string) string {
	if strings.ContainsRune("aeiou", rune(source[0])) || source == "nfs" || source == "rbd" {
		return "an "
	}
	return "a "
}

// field is a field that a source of a volume must have.
type field struct{ source, field, value string }

// required returns the text fields that the API server requires of the source of a volume.
func required(v *corev1.Volume) []field {
	switch s := &v.VolumeSource; {
	case s.Secret != nil:
		return []field{{"secret", "secretName", s.Secret.SecretName}}
	case s.ConfigMap != nil:
		return []field{{"configMap", "name", s.ConfigMap.Name}}
	case s.PersistentVolumeClaim != nil:
		return []field{{"persistentVolumeClaim", "claimName", s.PersistentVolumeClaim.ClaimName}}
	case s.CSI != nil:
		return []field{{"csi", "driver", s.CSI.Driver}}
	case s.HostPath != nil:
		return []field{{"hostPath", "path", s.HostPath.Path}}
	case s.NFS != nil:
		return []field{{"nfs", "server", s.NFS.Server}, {"nfs", "path", s.NFS.Path}}
	case s.GitRepo != nil:
		return []field{{"gitRepo", "repository", s.GitRepo.Repository}}
	case s.ISCSI != nil:
		return []field{{"iscsi", "targetPortal", s.ISCSI.TargetPortal}, {"iscsi", "iqn", s.ISCSI.IQN}}
	case s.CephFS != nil:
		return []field{{"cephfs", "monitors", filled(s.CephFS.Monitors)}}
	case s.RBD != nil:
		return []field{{"rbd", "monitors", filled(s.RBD.CephMonitors)}, {"rbd", "image", s.RBD.RBDImage}}
	case s.GCEPersistentDisk != nil:
		return []field{{"gcePersistentDisk", "pdName", s.GCEPersistentDisk.PDName}}
	case s.AWSElasticBlockStore != nil:
		return []field{{"awsElasticBlockStore", "volumeID", s.AWSElasticBlockStore.VolumeID}}
	case s.AzureFile != nil:
		return []field{{"azureFile", "secretName", s.AzureFile.SecretName}, {"azureFile", "shareName", s.AzureFile.ShareName}}
	case s.VsphereVolume != nil:
		return []field{{"vsphereVolume", "volumePath", s.VsphereVolume.VolumePath}}
	case s.Cinder != nil:
		return []field{{"cinder", "volumeID", s.Cinder.VolumeID}}
	case s.Image != nil:
		return []field{{"image", "reference", s.Image.Reference}}
	case s.FlexVolume != nil:
		return []field{{"flexVolume", "driver", s.FlexVolume.Driver}}
	}
	return nil
}

// filled returns "" for an empty list.
func filled(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "list"
}

// noDots reports a path with the element "..".
func (l *problems) noDots(at diag.Path, p string) bool {
	if isOpen(p) {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == ".." {
			l.add(at, p, "has the path "+quote(p)+`, which contains ".."`, "write the path without \"..\"")
			return true
		}
	}
	return false
}

// local reports a path of a file in a volume that does not stay below the volume.
func (l *problems) local(at diag.Path, p string) {
	switch {
	case isOpen(p):
	case path.IsAbs(p):
		l.add(at, p, "has the absolute path "+quote(p)+", which must be relative to the volume", "remove the slash at its beginning")
	case !l.noDots(at, p) && strings.HasPrefix(p, ".."):
		l.add(at, p, "has the path "+quote(p)+`, which begins with ".."`, "choose another path")
	}
}

// items checks which files a Secret or a ConfigMap becomes.
func (l *problems) items(at diag.Path, items []corev1.KeyToPath) {
	for i := range items {
		at, item := at.FieldIndex("items", i), &items[i]
		l.lacks(at, "key", item.Key, "an item")
		if !l.lacks(at, "path", item.Path, "an item") {
			l.local(at.Field("path"), item.Path)
		}
	}
}

// files checks files with information about the pod.
func (l *problems) files(at diag.Path, files []corev1.DownwardAPIVolumeFile) {
	for i := range files {
		at, f := at.FieldIndex("items", i), &files[i]
		if !l.lacks(at, "path", f.Path, "an item") {
			l.local(at.Field("path"), f.Path)
		}
		switch {
		case f.FieldRef != nil && f.ResourceFieldRef != nil:
			l.add(at, f.Path, "has an item with both fieldRef and resourceFieldRef", "remove one of them")
		case f.FieldRef != nil:
			l.fieldRef(at.Field("fieldRef"), f.FieldRef, fileFields)
		case f.ResourceFieldRef != nil:
			at := at.Field("resourceFieldRef")
			if !l.lacks(at, "containerName", f.ResourceFieldRef.ContainerName, "a resourceFieldRef") {
				l.resourceFieldRef(at, f.ResourceFieldRef)
			}
		default:
			l.add(at, f.Path, "has an item with neither fieldRef nor resourceFieldRef", "set one of them")
		}
	}
}

// minToken is the shortest time in seconds for which the API server gives out a token.
const minToken = 600

// projected checks the sources of a projected volume, and that no two of them write the
// same file.
func (l *problems) projected(at diag.Path, v *corev1.ProjectedVolumeSource) {
	seen := map[string]bool{}
	once := func(at diag.Path, p string) {
		if p != "" && seen[p] && !isOpen(p) {
			l.add(at.Field("path"), p, "has several items with the path "+quote(p), "choose different paths")
		}
		seen[p] = true
	}
	for i := range v.Sources {
		at, s, sources := at.FieldIndex("sources", i), &v.Sources[i], 0
		keys := func(field, name string, items []corev1.KeyToPath) {
			at := at.Field(field)
			sources++
			l.lacks(at, "name", name, "a "+field)
			l.items(at, items)
			for i := range items {
				once(at.FieldIndex("items", i), items[i].Path)
			}
		}
		if s.Secret != nil {
			keys("secret", s.Secret.Name, s.Secret.Items)
		}
		if s.ConfigMap != nil {
			keys("configMap", s.ConfigMap.Name, s.ConfigMap.Items)
		}
		if s.DownwardAPI != nil {
			at := at.Field("downwardAPI")
			sources++
			l.files(at, s.DownwardAPI.Items)
			for i := range s.DownwardAPI.Items {
				once(at.FieldIndex("items", i), s.DownwardAPI.Items[i].Path)
			}
		}
		if t := s.ServiceAccountToken; t != nil {
			sources++
			l.token(at.Field("serviceAccountToken"), t)
		}
		if s.ClusterTrustBundle != nil {
			sources++
		}
		if s.PodCertificate != nil {
			sources++
		}
		if sources > 1 {
			l.add(at, "", "has a projected source with several kinds of files", "make an item of sources of each")
		}
	}
}

// token checks the file of a token of a service account.
func (l *problems) token(at diag.Path, t *corev1.ServiceAccountTokenProjection) {
	l.lacks(at, "path", t.Path, "a serviceAccountToken")
	if s := t.ExpirationSeconds; s != nil && (*s < minToken || *s > 1<<32) {
		n := strconv.FormatInt(*s, 10)
		l.add(at.Field("expirationSeconds"), n, "has a serviceAccountToken that expires after "+n+" seconds; the API server allows 600 to 4294967296", "set at least 600")
	}
}

func quote(s string) string { return strconv.Quote(s) }
