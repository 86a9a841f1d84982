package provider

import (
	"net/url"
	"path"
	"strings"
)

// headerFiles are the files that Meta takes in the header of a WhatsApp template, by the
// endings of their names.
var headerFiles = map[string]string{
	".jpg": "image", ".jpeg": "image", ".png": "image",
	".mp4": "video", ".3gp": "video", ".3gpp": "video",
	".pdf": "document", ".txt": "document", ".doc": "document", ".docx": "document",
	".xls": "document", ".xlsx": "document", ".ppt": "document", ".pptx": "document",
}

// ErrHeaderFile is the Unfit of an address that does not tell what it leads to.
var ErrHeaderFile = Unfit("template media_url: no ending that tells a picture, a film or a document")

// HeaderFile is the name of the file at an address, and what it is in a template's
// header: image, video or document; "" if its ending does not tell. The header must say
// so, and a campaign gives the address alone.
func HeaderFile(address string) (name, kind string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	if end := strings.IndexAny(address, "?#"); end >= 0 {
		address = address[:end]
	}
	return path.Base(address), headerFiles[strings.ToLower(path.Ext(u.Path))]
}
