package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how the bytes of a log stand for characters.
type Encoding uint8

const (
	// Auto follows a byte order mark (of UTF-8, UTF-16 or GB18030). Without one it takes the log for GB18030 if its first 64 KiB are not
	// valid UTF-8, and for UTF-8 otherwise.
	Auto Encoding = iota
	// UTF8 is UTF-8, with or without a byte order mark.
	UTF8
	// GB18030 is the Chinese national standard, of which GBK and GB 2312 are parts.
	GB18030
)

// window is how much of a log is looked at to guess its encoding.
const window = 64 << 10

// open undoes compression and encoding: what it returns reads UTF-8 without a byte order mark.
func open(r io.Reader, e Encoding) (io.Reader, error) {
	b := bufio.NewReaderSize(r, window)
	if magic, err := b.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		b = bufio.NewReaderSize(z, window)
	}
	// Peek's error, if any, comes again when the rows are read.
	mark, _ := b.Peek(4)
	switch {
	case bytes.HasPrefix(mark, []byte{0xEF, 0xBB, 0xBF}):
		_, err := b.Discard(3)
		return b, err
	case bytes.HasPrefix(mark, []byte{0x84, 0x31, 0x95, 0x33}):
		_, err := b.Discard(4)
		return transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder()), err
	case e == Auto && (bytes.HasPrefix(mark, []byte{0xFF, 0xFE}) || bytes.HasPrefix(mark, []byte{0xFE, 0xFF})):
		return transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), nil
	case e == GB18030:
		return transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder()), nil
	case e == Auto:
		start, err := b.Peek(window)
		if err == nil || errors.Is(err, bufio.ErrBufferFull) {
			start = start[:len(start)-cut(start)]
		}
		if !utf8.Valid(start) {
			return transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder()), nil
		}
	}
	return b, nil
}

// cut is how many bytes at the end belong to a character that goes on.
func cut(b []byte) int {
	for n := 1; n <= min(utf8.UTFMax, len(b)); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// counter counts what has been read.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// share returns a function that tells how much of r has been read, or nil when the size of r is not known.
func (c *counter) share() func() float64 {
	var size int64
	switch r := c.Reader.(type) {
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
	case interface{ Len() int }:
		size = int64(r.Len())
	}
	if size <= 0 {
		return nil
	}
	return func() float64 { return min(float64(c.n)/float64(size), 1) }
}
