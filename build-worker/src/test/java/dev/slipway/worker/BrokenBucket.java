package dev.slipway.worker;

import dev.slipway.common.blob.BlobInfo;
import dev.slipway.common.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** A bucket that cannot be reached. */
@NullMarked
public final class BrokenBucket implements BlobStore {
  private static IOException away() {
    return new IOException("the bucket is away");
  }

  @Override
  public BlobInfo create(String name, Content content) throws IOException {
    throw away();
  }

  @Override
  public Optional<BlobInfo> stat(String name) throws IOException {
    throw away();
  }

  @Override
  public InputStream read(String name, long offset, long length) throws IOException {
    throw away();
  }

  @Override
  public BlobInfo move(String from, String to) throws IOException {
    throw away();
  }

  @Override
  public void delete(String name) throws IOException {
    throw away();
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) throws IOException {
    throw away();
  }
}
