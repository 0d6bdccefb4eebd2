package dev.slipway.common.blob;

/**
 * How uploads are cut.
 *
 * @param part bytes that are sent at once, and again when that fails; a multiple of 256 KiB
 * @param compositeFrom uploads of so many bytes or more are sent as parts in parallel
 */
record GcsSizes(int part, long compositeFrom) {
  static final GcsSizes USUAL = new GcsSizes(16 << 20, 256L << 20);
}
