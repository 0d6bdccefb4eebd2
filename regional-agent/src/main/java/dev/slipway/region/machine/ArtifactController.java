package dev.slipway.region.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.swarm.Dealer;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.region.Buckets;
import dev.slipway.region.RangedAnswer;
import dev.slipway.region.cache.ArtifactCache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Artifacts and manifests that the region has, for its machines: piece by piece for the swarm, and
 * in ranges for the way without a swarm.
 */
@RestController
public class ArtifactController {
  private static final String ATTEMPT = "(\\d{1,18})-(\\d{1,9})";
  private static final Pattern MANIFEST = Pattern.compile(ATTEMPT + "\\.json");
  private static final Pattern PROVENANCE = Pattern.compile(ATTEMPT + "\\.intoto\\.jsonl");

  private final BlobStore bucket;
  private final ArtifactCache cache;
  private final Dealer dealer;
  private final Outlet outlet;

  ArtifactController(Buckets buckets, ArtifactCache cache, Dealer dealer, Outlet outlet) {
    this.bucket = buckets.own();
    this.cache = cache;
    this.dealer = dealer;
    this.outlet = outlet;
  }

  /** An artifact's bytes, or one range of them. */
  @Operation(operationId = "getArtifact", summary = "Reads an artifact, whole or a range")
  @ApiResponse(responseCode = "200", content = @Content(mediaType = "application/octet-stream"))
  @ApiResponse(responseCode = "206", content = @Content(mediaType = "application/octet-stream"))
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 503, codes = "too-many-readers")
  @GetMapping("/artifacts/{app}/{sha256}")
  void artifact(
      @PathVariable AppName app,
      @PathVariable Sha256 sha256,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    new RangedAnswer(sha256.value(), size(app, sha256))
        .send(request, response, content(app, sha256));
  }

  /**
   * One piece of an artifact, of those that the machine lacks the one that was dealt least often;
   * 204 when there is none, or each was dealt before and {@code again} is not wished.
   */
  @Operation(operationId = "nextPiece", summary = "Deals a machine one of the pieces that it lacks")
  @ApiResponse(responseCode = "204", description = "none to deal")
  @ApiResponse(responseCode = "206", content = @Content(mediaType = "application/octet-stream"))
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 503, codes = "too-many-readers")
  @GetMapping("/artifacts/{app}/{sha256}/next")
  void next(
      @PathVariable AppName app,
      @PathVariable Sha256 sha256,
      @RequestParam int pieceLength,
      @RequestParam String lacks,
      @RequestParam boolean again,
      HttpServletResponse response)
      throws IOException {
    var size = size(app, sha256);
    var wish = PieceWish.parse(size, pieceLength, lacks, again);
    var piece = dealer.deal(sha256, size, wish);
    if (piece.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    var from = (long) piece.getAsInt() * pieceLength;
    var to = Math.min(from + pieceLength, size) - 1;
    new RangedAnswer(sha256.value(), size).send(from, to, response, content(app, sha256));
  }

  private long size(AppName app, Sha256 sha256) throws IOException {
    return bucket
        .stat(ArtifactNames.artifact(app, sha256))
        .orElseThrow(() -> Problem.notFound("artifact " + sha256 + " of app " + app))
        .size();
  }

  private RangedAnswer.Content content(AppName app, Sha256 sha256) {
    var name = ArtifactNames.artifact(app, sha256);
    return outlet.of((from, length) -> open(name, sha256, from, length));
  }

  private InputStream open(String name, Sha256 sha256, long from, long length) throws IOException {
    var file = cache.file(sha256);
    if (file.isPresent()) {
      try {
        return Channels.newInputStream(Files.newByteChannel(file.get()).position(from));
      } catch (NoSuchFileException thrownAway) {
        // the bucket has it
      }
    }
    return bucket.read(name, from, length);
  }

  /** An artifact's block signatures, which its manifest vouches for. */
  @Operation(operationId = "getBlocks", summary = "Reads an artifact's block signatures")
  @ApiResponse(responseCode = "200", content = @Content(mediaType = "application/octet-stream"))
  @ApiResponse(responseCode = "206", content = @Content(mediaType = "application/octet-stream"))
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 503, codes = "too-many-readers")
  @GetMapping("/artifacts/{app}/{sha256}/blocks")
  void blocks(
      @PathVariable AppName app,
      @PathVariable Sha256 sha256,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    var name = ArtifactNames.blocks(app, sha256);
    var found =
        bucket
            .stat(name)
            .orElseThrow(() ->
                Problem.notFound("block signatures of artifact " + sha256 + " of app " + app));
    new RangedAnswer(sha256 + "-blocks", found.size())
        .send(request, response, outlet.of((from, length) -> bucket.read(name, from, length)));
  }

  /** A signed manifest, as it was signed. */
  @Operation(operationId = "getManifest", summary = "Reads a signed manifest")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping(path = "/api/v1/manifests/{app}/{file}", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] manifest(@PathVariable AppName app, @PathVariable String file) throws IOException {
    var attempt = attempt(MANIFEST, file);
    var name =
        ArtifactNames.manifest(
            app, Long.parseLong(attempt.group(1)), Integer.parseInt(attempt.group(2)));
    return whole(name, Manifest.MAX_SIGNED_BYTES);
  }

  /** What a worker has sworn of how a build came about, as it was signed. */
  @Operation(operationId = "getProvenance", summary = "Reads what a worker has sworn of a build")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping(path = "/api/v1/provenance/{app}/{file}", produces = "application/jsonl")
  byte[] provenance(@PathVariable AppName app, @PathVariable String file) throws IOException {
    var attempt = attempt(PROVENANCE, file);
    var name =
        ArtifactNames.provenance(
            app, Long.parseLong(attempt.group(1)), Integer.parseInt(attempt.group(2)));
    return whole(name, Provenance.MAX_SIGNED_BYTES);
  }

  private static MatchResult attempt(Pattern form, String file) {
    var attempt = form.matcher(file);
    InvalidInput.unless(attempt.matches(), "file", "must be as " + form);
    return attempt;
  }

  private byte[] whole(String name, int most) throws IOException {
    try (var in = bucket.read(name, 0, most)) {
      return in.readAllBytes();
    } catch (NoSuchFileException none) {
      throw Problem.notFound(name);
    }
  }
}
