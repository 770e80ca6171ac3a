package xlswrite

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// A compound file ([MS-CFB]) of version 3: a header, then sectors of 512 bytes.
const (
	sectorSize = 512
	perSector  = sectorSize / 4 // sector numbers that one sector holds
	inHeader   = 109            // allocation sectors that the header itself lists

	endOfChain = 0xFFFFFFFE
	freeSector = 0xFFFFFFFF
	fatSector  = 0xFFFFFFFD
	difSector  = 0xFFFFFFFC
)

// writeContainer writes a compound file with one stream, Workbook. Sectors in
// order: the stream, the directory, the allocation table, its index.
func writeContainer(out io.Writer, stream []byte) error {
	// A stream under 4096 bytes would belong into the mini stream; readers
	// take padding after the last record.
	stream = append(stream, make([]byte, max(0, 4096-len(stream)))...)
	size := len(stream)
	stream = append(stream, make([]byte, -size&(sectorSize-1))...)

	data := len(stream) / sectorSize
	fat, dif := 1, 0
	for {
		need := (data + 1 + fat + dif + perSector - 1) / perSector
		needDif := max(0, need-inHeader+perSector-2) / (perSector - 1)
		if need == fat && needDif == dif {
			break
		}
		fat, dif = need, needDif
	}
	firstFat := data + 1

	head := make([]byte, 0, sectorSize)
	head = append(head, 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1)
	head = append(head, make([]byte, 16)...)
	head = append(head, u16(0x003E, 3, 0xFFFE, 9, 6, 0, 0, 0)...)
	firstDif := uint32(endOfChain)
	if dif > 0 {
		firstDif = uint32(firstFat + fat)
	}
	head = append(head, u32(0, uint32(fat), uint32(data), 0, 4096, endOfChain, 0, firstDif, uint32(dif))...)
	fatPlace := func(i int) uint32 {
		if i < fat {
			return uint32(firstFat + i)
		}
		return freeSector
	}
	for i := range inHeader {
		head = append(head, u32(fatPlace(i))...)
	}

	var entries []byte
	entries = append(entries, entry("Root Entry", 5, 1, endOfChain, 0)...)
	entries = append(entries, entry("Workbook", 2, freeSector, 0, size)...)
	entries = append(entries, entry("", 0, freeSector, 0, 0)...)
	entries = append(entries, entry("", 0, freeSector, 0, 0)...)

	table := make([]byte, 0, fat*sectorSize)
	for i := range data {
		next := uint32(i + 1)
		if i == data-1 {
			next = endOfChain
		}
		table = append(table, u32(next)...)
	}
	table = append(table, u32(endOfChain)...)
	for range fat {
		table = append(table, u32(fatSector)...)
	}
	for range dif {
		table = append(table, u32(difSector)...)
	}
	for len(table) < fat*sectorSize {
		table = append(table, u32(freeSector)...)
	}

	var index []byte
	for i := range dif {
		for j := range perSector - 1 {
			index = append(index, u32(fatPlace(inHeader+i*(perSector-1)+j))...)
		}
		next := uint32(firstFat + fat + i + 1)
		if i == dif-1 {
			next = endOfChain
		}
		index = append(index, u32(next)...)
	}

	for _, part := range [][]byte{head, stream, entries, table, index} {
		if _, err := out.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// entry returns a directory entry of 128 bytes.
func entry(name string, kind byte, child uint32, start uint32, size int) []byte {
	b := make([]byte, 128)
	if name != "" {
		units := append(utf16.Encode([]rune(name)), 0)
		copy(b, u16(units...))
		binary.LittleEndian.PutUint16(b[64:], uint16(2*len(units)))
		b[67] = 1 // black
	}
	b[66] = kind
	binary.LittleEndian.PutUint32(b[68:], freeSector)
	binary.LittleEndian.PutUint32(b[72:], freeSector)
	binary.LittleEndian.PutUint32(b[76:], child)
	binary.LittleEndian.PutUint32(b[116:], start)
	binary.LittleEndian.PutUint32(b[120:], uint32(size))
	return b
}

func u32(v ...uint32) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, u := range v {
		b = binary.LittleEndian.AppendUint32(b, u)
	}
	return b
}
