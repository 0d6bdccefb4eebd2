package dev.slipway.common.blob;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket of Google Cloud Storage. Every write and removal is bound to the generation that was
 * seen, so each request can be repeated: the client's retry settings decide how often, and how long
 * a request may take.
 */
public final class GcsBlobStore implements BlobStore {
  private static final int READ_BUFFER = 1 << 20;

  private final Storage storage;
  private final String bucket;
  private final GcsSizes sizes;

  /** A bucket that is there already. An upload keeps at most 80 MiB of its content in memory. */
  public GcsBlobStore(Storage storage, String bucket) {
    this(storage, bucket, GcsSizes.USUAL);
  }

  GcsBlobStore(Storage storage, String bucket, GcsSizes sizes) {
    this.storage = storage;
    this.bucket = bucket;
    this.sizes = sizes;
  }

  @Override
  public BlobInfo create(String name, Content content) throws IOException {
    return create(name, 0, content);
  }

  @Override
  public BlobInfo create(String name, long size, Content content) throws IOException {
    if (stat(name).isPresent()) {
      throw new BlobExists(name);
    }
    try (var transfer = transfer(name, size)) {
      var out = new BlobOutput(transfer);
      out.take(content);
      transfer.finish(out.crc32c());
      return checked(name, out);
    }
  }

  private GcsTransfer transfer(String name, long size) throws IOException {
    return size < sizes.compositeFrom()
        ? new GcsUpload(
            storage, com.google.cloud.storage.BlobInfo.newBuilder(id(name)).build(), sizes.part())
        : new GcsComposite(storage, bucket, name, sizes.part());
  }

  private BlobInfo checked(String name, BlobOutput sent) throws IOException {
    var created = stat(name).orElseThrow(() -> new NoSuchFileException(name));
    if (created.size() != sent.size() || !created.crc32c().equals(sent.crc32c())) {
      remove(created);
      throw new IOException(name + " was damaged on its way into the bucket");
    }
    return created;
  }

  @Override
  public Optional<BlobInfo> stat(String name) throws IOException {
    try {
      return Optional.ofNullable(storage.get(id(name))).map(GcsBlobStore::describe);
    } catch (StorageException e) {
      throw GcsErrors.reading(name, e);
    }
  }

  @Override
  public InputStream read(String name, long offset, long length) throws IOException {
    var info = stat(name).orElseThrow(() -> new NoSuchFileException(name));
    var bytes = Ranges.length(offset, length, info.size());
    if (bytes == 0) {
      return InputStream.nullInputStream();
    }
    var whole = bytes == info.size() ? info.crc32c() : null;
    return new RangeInputStream(name, open(info, offset, offset + bytes), bytes, whole);
  }

  private InputStream open(BlobInfo info, long from, long to) throws IOException {
    try {
      var channel =
          storage.reader(
              id(info.name()),
              Storage.BlobSourceOption.generationMatch(info.generation()),
              Storage.BlobSourceOption.shouldReturnRawInputStream(true));
      channel.setChunkSize(READ_BUFFER);
      channel.seek(from);
      return new GcsInput(info.name(), channel.limit(to));
    } catch (IOException | StorageException e) {
      throw GcsErrors.reading(info.name(), e);
    }
  }

  @Override
  public BlobInfo move(String from, String to) throws IOException {
    return move(from, to, Map.of());
  }

  @Override
  public BlobInfo move(String from, String to, Map<String, String> notes) throws IOException {
    var source = stat(from);
    if (source.isEmpty() || from.equals(to)) {
      return stat(to).orElseThrow(() -> new NoSuchFileException(from));
    }
    var target = rename(source.get(), to, notes);
    remove(source.get());
    return target;
  }

  private BlobInfo rename(BlobInfo source, String to, Map<String, String> notes)
      throws IOException {
    try {
      return rewrite(bucket, source, to, notes);
    } catch (StorageException e) {
      return stat(to).orElseThrow(() -> GcsErrors.reading(source.name(), e));
    }
  }

  @Override
  public BlobInfo copyFrom(BlobStore source, BlobInfo object) throws IOException {
    if (!(source instanceof GcsBlobStore home)) {
      return BlobCopy.through(source, object, this);
    }
    try {
      var copy = rewrite(home.bucket, object, object.name(), Map.of());
      if (!BlobCopy.isSame(object, copy)) {
        remove(copy);
        throw BlobCopy.changed(object);
      }
      return copy;
    } catch (StorageException e) {
      throw refusal(home, object, e);
    }
  }

  /** The service says of neither end which condition did not hold. */
  private IOException refusal(GcsBlobStore home, BlobInfo object, StorageException e)
      throws IOException {
    if (stat(object.name()).isPresent()) {
      return new BlobExists(object.name());
    }
    return home.stat(object.name()).isPresent()
        ? GcsErrors.reading(object.name(), e)
        : new NoSuchFileException(object.name());
  }

  /**
   * Copies inside Cloud Storage, which may take several requests, to a name that nothing has.
   *
   * @param source the generation that is copied, and no other
   * @param notes the copy's; none to copy the source's
   */
  private BlobInfo rewrite(String from, BlobInfo source, String to, Map<String, String> notes) {
    var isNew = Storage.BlobTargetOption.doesNotExist();
    var request =
        Storage.CopyRequest.newBuilder()
            .setSource(BlobId.of(from, BlobNames.checked(source.name())))
            .setSourceOptions(Storage.BlobSourceOption.generationMatch(source.generation()));
    if (notes.isEmpty()) {
      request.setTarget(id(to), isNew);
    } else {
      request.setTarget(
          com.google.cloud.storage.BlobInfo.newBuilder(id(to)).setMetadata(notes).build(), isNew);
    }
    return describe(storage.copy(request.build()).getResult());
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) throws IOException {
    var page = Page.checked(prefix, after, limit);
    try {
      return storage
          .list(bucket, options(page))
          .streamAll()
          .map(GcsBlobStore::describe)
          .filter(object -> page.covers(object.name()))
          .limit(limit)
          .toList();
    } catch (StorageException e) {
      throw GcsErrors.reading(prefix, e);
    }
  }

  /** The service begins with the very name that it is given, so there is one more. */
  private static Storage.BlobListOption[] options(Page page) {
    return new Storage.BlobListOption[] {
      Storage.BlobListOption.prefix(page.prefix()),
      Storage.BlobListOption.startOffset(page.after()),
      Storage.BlobListOption.pageSize(Math.min(page.limit() + 1, MAX_LISTED))
    };
  }

  @Override
  public void delete(String name) throws IOException {
    var info = stat(name);
    if (info.isPresent()) {
      remove(info.get());
    }
  }

  /** Removes this very generation; whoever was faster, or wrote anew, is no error. */
  private void remove(BlobInfo info) throws IOException {
    try {
      storage.delete(id(info.name()), Storage.BlobSourceOption.generationMatch(info.generation()));
    } catch (StorageException e) {
      if (GcsErrors.status(e) != GcsErrors.PRECONDITION_FAILED) {
        throw GcsErrors.reading(info.name(), e);
      }
    }
  }

  private BlobId id(String name) {
    return BlobId.of(bucket, BlobNames.checked(name));
  }

  private static BlobInfo describe(com.google.cloud.storage.BlobInfo blob) {
    return new BlobInfo(blob.getName(), blob.getSize(), blob.getCrc32c(), blob.getGeneration());
  }
}
