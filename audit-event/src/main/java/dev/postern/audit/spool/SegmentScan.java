package dev.postern.audit.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a segment file holds after a crash.
///
/// A file ends torn when the process died while writing: bytes after the last whole frame and nothing readable behind
/// them. It
/// is damaged when readable frames follow unreadable bytes: that is no crash's doing (or the disk wrote a batch out of
/// order,
/// which reads the same), and the frames in between are lost.
///
/// @param frames        the readable frames, numbers rising
/// @param intactLength  length of the undamaged prefix
/// @param fileLength    length of the file
/// @param damaged       readable frames follow unreadable bytes
record SegmentScan(List<Frame> frames, int intactLength, int fileLength, boolean damaged) {

    static SegmentScan of(ByteBuffer segment) {
        List<Frame> frames = new ArrayList<>();
        int offset = 0;
        int intact = 0;
        boolean skipping = false;
        boolean damaged = false;
        long last = 0;
        while (offset < segment.limit()) {
            Optional<Frame> frame = Frame.at(segment, offset);
            if (frame.isEmpty() || frame.get().sequence() <= last) {
                // Slow, byte by byte, and only ever after damage: the CRC decides where frames begin again.
                skipping = true;
                offset++;
                continue;
            }
            damaged |= skipping;
            frames.add(frame.get());
            last = frame.get().sequence();
            offset += frame.get().size();
            if (!damaged) {
                intact = offset;
            }
        }
        return new SegmentScan(List.copyOf(frames), intact, segment.limit(), damaged);
    }

    boolean torn() {
        return !damaged && intactLength < fileLength;
    }
}
