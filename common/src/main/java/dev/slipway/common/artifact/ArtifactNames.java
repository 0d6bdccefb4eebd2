package dev.slipway.common.artifact;

import dev.slipway.common.app.AppName;

/** The names of objects in the home bucket and in each region's. */
public final class ArtifactNames {
  private ArtifactNames() {}

  /** An artifact, named by its content. */
  public static String artifact(AppName app, Sha256 digest) {
    return "artifacts/" + app + "/" + digest;
  }

  /** The block signatures of an artifact, named by the artifact's content. */
  public static String blocks(AppName app, Sha256 artifact) {
    return "blocks/" + app + "/" + artifact;
  }

  /** Where an attempt uploads to while the digest is not known yet. */
  public static String upload(AppName app, long job, int attempt) {
    return "uploads/" + app + "/" + job + "-" + attempt;
  }

  /** The signed manifest of one attempt. */
  public static String manifest(AppName app, long job, int attempt) {
    return "manifests/" + app + "/" + job + "-" + attempt + ".json";
  }

  /** The provenance of one attempt, an in-toto bundle of one line. */
  public static String provenance(AppName app, long job, int attempt) {
    return "provenance/" + app + "/" + job + "-" + attempt + ".intoto.jsonl";
  }

  /** The provenance beside a manifest, by the manifest's name. */
  public static String provenanceOf(String manifest) {
    return manifest
        .replaceFirst("^manifests/", "provenance/")
        .replaceFirst("\\.json$", ".intoto.jsonl");
  }
}
