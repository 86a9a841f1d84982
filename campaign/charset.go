package campaign

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is how a file's characters are written.
type charset string

const (
	inUTF8        charset = "utf-8"
	inUTF16LE     charset = "utf-16le"
	inUTF16BE     charset = "utf-16be"
	inWindows1252 charset = "windows-1252"
)

const utf8BOM = "\xef\xbb\xbf"

// sniffCharset judges the beginning of a file. ASCII counts as UTF-8: the first line
// with another character decides.
func sniffCharset(head []byte) charset {
	switch {
	case bytes.HasPrefix(head, []byte(utf8BOM)):
		return inUTF8
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return inUTF16LE
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return inUTF16BE
	}
	switch even, odd := zeros(head); {
	case odd > 0.4 && even < 0.05:
		return inUTF16LE
	case even > 0.4 && odd < 0.05:
		return inUTF16BE
	case likelyUTF8(wholeLines(head)):
		return inUTF8
	}
	return inWindows1252
}

// likelyUTF8 says whether more of the characters beyond ASCII are whole in UTF-8 than
// broken. One bad byte among many names must not turn them all into Windows-1252,
// whose own text is next to never whole by chance.
func likelyUTF8(text []byte) bool {
	whole, broken := 0, 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case size > 1:
			whole++
		case r == utf8.RuneError:
			broken++
		}
		text = text[size:]
	}
	return whole >= broken
}

// zeros is the share of NULs at even and at odd places: European text in UTF-16 has
// one in nearly every character.
func zeros(head []byte) (even, odd float64) {
	var count [2]int
	for i, b := range head {
		if b == 0 {
			count[i%2]++
		}
	}
	pairs := float64(len(head)/2) + 0.5
	return float64(count[0]) / pairs, float64(count[1]) / pairs
}

// wholeLines leaves out a last line that may have been cut.
func wholeLines(head []byte) []byte {
	if i := bytes.LastIndexAny(head, "\r\n"); i >= 0 && len(head) >= sampleSize {
		return head[:i+1]
	}
	return head
}

// utf16Decoder turns UTF-16 into UTF-8 without its byte order mark; nil for the rest.
func (c charset) utf16Decoder() transform.Transformer {
	switch c {
	case inUTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case inUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	}
	return nil
}

// fromWindows1252 decodes a line. Bytes that the code page does not define are not ok.
func fromWindows1252(line []byte) (text []byte, ok bool) {
	text, err := charmap.Windows1252.NewDecoder().Bytes(line)
	return text, err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

func isASCII(line []byte) bool {
	for _, b := range line {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
