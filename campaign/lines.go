package campaign

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

const (
	sampleSize = 64 << 10 // how much of a file is looked at before it is read
	maxRecord  = 1 << 20  // bytes of one row; more is no row
	maxLines   = 1000     // lines of one row
)

// lines reads a text line by line, as UTF-8.
type lines struct {
	in      *bufio.Reader
	end     byte // of a line; a CR before an LF is dropped
	charset charset
	sure    bool // a line has shown that it is UTF-8
	n       int  // of the last line, counted from 1
	long    []byte
}

// newLines looks at the beginning of the text, which it also returns.
func newLines(r io.Reader) (*lines, []byte, error) {
	in := bufio.NewReaderSize(r, sampleSize)
	head, err := peek(in)
	if err != nil {
		return nil, nil, err
	}
	l := &lines{charset: sniffCharset(head), end: '\n'}
	if decoder := l.charset.utf16Decoder(); decoder != nil {
		in = bufio.NewReaderSize(transform.NewReader(in, decoder), sampleSize)
	} else if bytes.HasPrefix(head, []byte(utf8BOM)) {
		if _, err := in.Discard(len(utf8BOM)); err != nil {
			return nil, nil, err
		}
		l.sure = true
	}
	if head, err = peek(in); err != nil {
		return nil, nil, err
	}
	if !bytes.ContainsRune(head, '\n') && bytes.ContainsRune(head, '\r') {
		l.end = '\r' // as old Macs wrote
	}
	l.in = in
	return l, head, nil
}

func peek(in *bufio.Reader) ([]byte, error) {
	head, err := in.Peek(sampleSize)
	if err == io.EOF {
		err = nil
	}
	return head, err
}

// errLongLine is a line of more than maxRecord bytes.
var errLongLine = errors.New("the line is longer than 1 MiB")

// next is the next line without its end, good until the next call. ok is false if the
// line is no text in the encoding that the file has had so far. At the end: io.EOF.
func (l *lines) next() (line []byte, ok bool, err error) {
	line, err = l.in.ReadSlice(l.end)
	if err == bufio.ErrBufferFull {
		line, err = l.rest(line)
	}
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	if err != nil {
		return nil, false, err
	}
	l.n++
	line = bytes.TrimSuffix(line, []byte{l.end})
	if l.end == '\n' {
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	line, ok = l.decode(line)
	return line, ok && bytes.IndexByte(line, 0) < 0, nil
}

// rest collects a line that is longer than the buffer.
func (l *lines) rest(part []byte) ([]byte, error) {
	l.long = append(l.long[:0], part...)
	for {
		part, err := l.in.ReadSlice(l.end)
		l.long = append(l.long, part...)
		if len(l.long) > maxRecord {
			return nil, &badLine{l.n + 1, errLongLine}
		}
		if err != bufio.ErrBufferFull {
			return l.long, err
		}
	}
}

func (l *lines) decode(line []byte) (text []byte, ok bool) {
	if l.charset != inWindows1252 {
		if utf8.Valid(line) {
			l.sure = l.sure || !isASCII(line)
			return line, true
		}
		if l.sure || likelyUTF8(line) {
			return line, false
		}
		l.charset = inWindows1252
	}
	if isASCII(line) {
		return line, true
	}
	return fromWindows1252(line)
}
