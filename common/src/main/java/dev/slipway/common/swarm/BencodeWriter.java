package dev.slipway.common.swarm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes bencoded values; a dictionary's keys must be put in their order. */
final class BencodeWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  BencodeWriter raw(String ascii) {
    out.writeBytes(BencodeReader.ascii(ascii));
    return this;
  }

  BencodeWriter raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  BencodeWriter integer(long value) {
    return raw("i" + value + "e");
  }

  BencodeWriter string(byte[] bytes) {
    return raw(bytes.length + ":").raw(bytes);
  }

  BencodeWriter string(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
