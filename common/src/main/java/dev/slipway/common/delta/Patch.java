package dev.slipway.common.delta;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A new artifact's file while it is put together: of what is there already, of the artifact before,
 * and of ranges that are fetched. No byte is taken for the artifact's unless its block hashes
 * right, so it does not matter how the process before this one died, nor who writes the old file
 * meanwhile; the caller still checks the whole digest. For several threads, once it is filled.
 */
public final class Patch implements Closeable {
  private static final int BUFFER = 256 << 10;

  private final BlockSignatures signatures;
  private final FileChannel file;
  private final boolean wasThere;
  private final BitSet here;
  private long bytesHere;

  /**
   * Opens the file, which need not be there; it gets the artifact's size.
   *
   * @throws IOException as all here does, also when the disk is full
   */
  public Patch(Path path, BlockSignatures signatures) throws IOException {
    this.signatures = signatures;
    this.here = new BitSet(signatures.count());
    this.wasThere = Files.exists(path);
    this.file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (file.size() < signatures.size()) {
      file.write(ByteBuffer.allocate(1), signatures.size() - 1);
    } else {
      file.truncate(signatures.size());
    }
  }

  /**
   * Takes what the file has already, and then what can be found in an older artifact.
   *
   * @return bytes that came from the older one
   */
  public long fill(Path older) throws IOException, InterruptedException {
    if (wasThere) {
      recognise();
    }
    var before = bytesHere();
    if (!isWhole()) {
      try (var old = FileChannel.open(older, StandardOpenOption.READ)) {
        new Scan(old, signatures, this).run();
      }
    }
    return bytesHere() - before;
  }

  private void recognise() throws IOException, InterruptedException {
    var block = new byte[signatures.blockLength()];
    for (var i = 0; i < signatures.count(); i++) {
      var length = signatures.length(i);
      read(block, length, signatures.offset(i));
      if (signatures.fits(i, block, 0)) {
        arrived(i);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private void read(byte[] into, int length, long at) throws IOException {
    var buffer = ByteBuffer.wrap(into, 0, length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("the file was cut short");
      }
    }
  }

  synchronized boolean has(int block) {
    return here.get(block);
  }

  private synchronized void arrived(int block) {
    if (!here.get(block)) {
      here.set(block);
      bytesHere += signatures.length(block);
    }
  }

  /** Writes blocks that follow each other and were found to be right. */
  void put(int first, int count, byte[] bytes, int offset) throws IOException {
    var last = first + count - 1;
    var length = signatures.offset(last) + signatures.length(last) - signatures.offset(first);
    write(bytes, offset, (int) length, signatures.offset(first));
    for (var block = first; block <= last; block++) {
      arrived(block);
    }
  }

  private void write(byte[] bytes, int offset, int length, long at) throws IOException {
    var buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      file.write(buffer, at + buffer.position() - offset);
    }
  }

  /**
   * Reads a span of whole blocks.
   *
   * @throws IOException when it ends early or a block is not right; those before it are kept
   */
  void take(Span span, InputStream in) throws IOException {
    var most = Math.max(1, BUFFER / signatures.blockLength());
    var buffer = new byte[most * signatures.blockLength()];
    var block = (int) (span.from() / signatures.blockLength());
    var end = (int) Math.ceilDiv(span.end(), signatures.blockLength());
    while (block < end) {
      var count = Math.min(most, end - block);
      var last = block + count - 1;
      var length =
          (int) (signatures.offset(last) + signatures.length(last) - signatures.offset(block));
      if (in.readNBytes(buffer, 0, length) < length) {
        throw new EOFException("%s ended early".formatted(span));
      }
      check(block, count, buffer);
      put(block, count, buffer, 0);
      block += count;
    }
  }

  private void check(int first, int count, byte[] bytes) throws IOException {
    for (var i = 0; i < count; i++) {
      var block = first + i;
      if (!signatures.fits(block, bytes, i * signatures.blockLength())) {
        throw new IOException(
            "what came for the %d bytes at %d is something else"
                .formatted(signatures.length(block), signatures.offset(block)));
      }
    }
  }

  /** What is not here yet, in order and as few spans as there are gaps. */
  public synchronized List<Span> lacking() {
    var spans = new ArrayList<Span>();
    var count = signatures.count();
    for (var from = here.nextClearBit(0); from < count; ) {
      var next = here.nextSetBit(from);
      var to = next < 0 ? count : next;
      var end = Math.min(signatures.size(), signatures.offset(to));
      spans.add(new Span(signatures.offset(from), end - signatures.offset(from)));
      from = here.nextClearBit(to);
    }
    return spans;
  }

  public synchronized boolean isWhole() {
    return bytesHere == signatures.size();
  }

  public synchronized long bytesHere() {
    return bytesHere;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
