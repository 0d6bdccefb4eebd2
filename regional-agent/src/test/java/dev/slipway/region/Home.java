package dev.slipway.region;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Form;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.Signer;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.delta.BlockHasher;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.swarm.PieceHasher;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The home bucket, with builds as a worker publishes them. */
@NullMarked
public final class Home {
  public static final AppName APP = new AppName("hello");

  private final SigningKey.PemPair pair = SigningKey.generate();
  final Path folder;
  final Path keyFile;
  final FolderBlobStore bucket;

  /** A published build. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Build(
      long job, AppName app, Sha256 sha256, String crc32c, String manifest, byte[] bytes) {
    public Release release() {
      return new Release(job, sha256, bytes.length, manifest);
    }
  }

  public Home(Path folder) throws IOException {
    this.folder = folder.resolve("home");
    this.bucket = new FolderBlobStore(this.folder);
    this.keyFile = Files.writeString(folder.resolve("trusted.pem"), pair.publicKey());
  }

  public TrustedKeys trusted() {
    return new TrustedKeys(List.of(pair.publicKey()));
  }

  public static byte[] bytes(int size, long seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public Build publish(long job, byte[] bytes) throws IOException, GeneralSecurityException {
    return publish(job, bytes, sha256(bytes));
  }

  static Sha256 sha256(byte[] bytes) throws GeneralSecurityException {
    return new Sha256(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
  }

  /** A build of which all says that it is another artifact than its bytes are. */
  public Build publish(long job, byte[] bytes, Sha256 sha256)
      throws IOException, GeneralSecurityException {
    var info = bucket.create(ArtifactNames.artifact(APP, sha256), out -> out.write(bytes));
    var hasher = new PieceHasher(bytes.length);
    hasher.update(bytes, 0, bytes.length);
    var manifest =
        new Manifest(
            APP,
            job,
            1,
            new CommitSha("a".repeat(40)),
            bytes.length,
            sha256,
            info.crc32c(),
            Form.FILE,
            "app.jar",
            Base64.getEncoder().encodeToString(hasher.finish(sha256).info()),
            blocks(sha256, bytes),
            null,
            "worker-1",
            Instant.parse("2026-01-01T00:00:00Z"));
    var envelope = JsonMapper.shared().writeValueAsBytes(key().sign(manifest));
    var name = ArtifactNames.manifest(APP, job, 1);
    bucket.create(name, out -> out.write(envelope));
    swear(key(), job, sha256);
    return new Build(job, APP, sha256, info.crc32c(), name, bytes);
  }

  SigningKey key() {
    return SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());
  }

  /** Writes a provenance of a build's artifact, in the place of the one that is there. */
  void swear(Signer signer, long job, Sha256 sha256) throws IOException {
    var recipe = new Provenance.Recipe("make", "app.jar", "PT30M", List.of(), List.of(), "HOST");
    var commit = "a".repeat(40);
    var parameters =
        new Provenance.Parameters(
            APP.value(), "https://git.example.com/hello.git", "refs/heads/master", commit, recipe);
    var time = Instant.parse("2026-01-01T00:00:00Z");
    var provenance =
        new Provenance(
            List.of(Provenance.Resource.of("app.jar", sha256)),
            new Provenance.Definition(Provenance.BUILD_TYPE, parameters, Map.of(), List.of()),
            new Provenance.Run(
                new Provenance.Builder(URI.create(Provenance.BUILDER)),
                new Provenance.Metadata(job + "-1", time, time),
                List.of()));
    var line = JsonMapper.shared().writeValueAsString(signer.sign(Provenance.TYPE, provenance));
    var name = ArtifactNames.provenance(APP, job, 1);
    bucket.delete(name);
    bucket.create(name, out -> out.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  private Manifest.@Nullable Blocks blocks(Sha256 sha256, byte[] artifact) throws IOException {
    if (artifact.length < BlockSignatures.WORTHWHILE) {
      return null;
    }
    var hasher = new BlockHasher(artifact.length);
    hasher.update(artifact, 0, artifact.length);
    var bytes = hasher.finish().bytes();
    bucket.create(ArtifactNames.blocks(APP, sha256), out -> out.write(bytes));
    return new Manifest.Blocks(Sha256.of(bytes), bytes.length);
  }

  /** Changes a byte in the middle of a published artifact, behind the bucket's back. */
  public void corrupt(Build build) throws IOException {
    flip(folder.resolve(ArtifactNames.artifact(APP, build.sha256())));
  }

  /** Leaves size and time as they are, so that a bucket does not notice without reading. */
  static void flip(Path file) throws IOException {
    var time = Files.getLastModifiedTime(file);
    var bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
  }
}
