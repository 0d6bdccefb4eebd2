package dev.slipway.machine.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class TarUnpackerTest {
  @TempDir Path folder;
  private Path root;
  private Path tar;
  private TarArchiveOutputStream out;

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectories(folder.resolve("a/b/root"));
    tar = folder.resolve("x.tar");
    out = new TarArchiveOutputStream(Files.newOutputStream(tar));
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  private void file(String name, int mode) throws IOException {
    // keeps leading slashes, as an attacker would
    var entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
    entry.setMode(mode);
    entry.setSize(2);
    out.putArchiveEntry(entry);
    out.write("hi".getBytes(StandardCharsets.UTF_8));
    out.closeArchiveEntry();
  }

  private void special(String name, byte type, String target) throws IOException {
    var entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(target);
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }

  private void unpack() throws Exception {
    out.close();
    new TarUnpacker(root, 10).unpack(tar);
  }

  private void assertRefused(String why) {
    assertThatThrownBy(this::unpack).isInstanceOf(Refused.class).hasMessageContaining(why);
    assertThat(folder.resolve("a/b")).isDirectoryNotContaining("glob:**/evil");
    assertThat(folder.resolve("a")).isDirectoryNotContaining("glob:**/evil");
  }

  @Test
  void files_folders_and_links_inside_arrive() throws Exception {
    special("./", TarConstants.LF_DIR, "");
    file("./bin/run", 0106755);
    file("data", 0600);
    special("lib/run", TarConstants.LF_SYMLINK, "../bin/run");
    unpack();
    assertThat(root.resolve("bin/run")).hasContent("hi").isExecutable();
    assertThat(root.resolve("data")).hasContent("hi");
    assertThat(Files.isExecutable(root.resolve("bin/run"))).isTrue();
    assertThat(root.resolve("lib/run")).isSymbolicLink().hasContent("hi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/evil", "x/../../evil", "./../evil"})
  void a_path_that_leads_outside_is_refused(String name) throws Exception {
    file(name, 0644);
    assertRefused("path");
  }

  @ParameterizedTest
  @CsvSource({"l,..", "l,/etc", "l,x/../../evil", "d/l,../../evil", "l,d/../x"})
  void a_link_that_leads_outside_is_refused(String name, String target) throws Exception {
    special(name, TarConstants.LF_SYMLINK, target);
    assertRefused("link that leaves it");
  }

  @Test
  void nothing_is_written_through_a_link() throws Exception {
    special("d/", TarConstants.LF_DIR, "");
    special("l", TarConstants.LF_SYMLINK, "d");
    file("l/x", 0644);
    assertRefused("through what is no folder");
  }

  @Test
  void a_chain_of_links_cannot_climb_out() throws Exception {
    special("s/t/u/d", TarConstants.LF_SYMLINK, "../../..");
    special("s/t/u/a", TarConstants.LF_SYMLINK, "d/../evil");
    assertRefused("link that leaves it");
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO,
        TarConstants.LF_LINK
      })
  void devices_pipes_and_hard_links_are_refused(byte type) throws Exception {
    special("x", type, "/etc/passwd");
    assertRefused("no plain file");
  }

  @Test
  void an_entry_twice_is_refused() throws Exception {
    file("x", 0644);
    file("x", 0644);
    assertRefused("twice");
  }

  @Test
  void more_bytes_than_allowed_are_refused() throws Exception {
    for (var i = 0; i < 6; i++) {
      file("f" + i, 0644);
    }
    assertRefused("unpacks to over 10 bytes");
  }

  @Test
  void an_archive_that_is_cut_off_or_damaged_is_refused_for_good() throws Exception {
    file("x", 0644);
    out.close();
    Files.write(tar, Arrays.copyOf(Files.readAllBytes(tar), 513));
    assertThatThrownBy(() -> new TarUnpacker(root, 10).unpack(tar))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("is damaged in: x");
    // where the size of the entry is
    var bytes = Files.readAllBytes(tar);
    bytes[130] = 'z';
    Files.write(tar, bytes);
    assertThatThrownBy(() -> new TarUnpacker(root, 10).unpack(tar))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("the archive is damaged");
  }

  @Test
  void a_name_that_would_fill_the_memory_is_not_read_to_its_end() throws Exception {
    var name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    name.setSize(2 << 20);
    out.putArchiveEntry(name);
    out.write(new byte[2 << 20]);
    out.closeArchiveEntry();
    assertRefused("a header is over");
  }

  @Test
  void a_pax_header_that_would_fill_the_memory_is_not_read_to_its_end() throws Exception {
    var header = new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    header.setSize(2 << 20);
    out.putArchiveEntry(header);
    var records = ("1048576 comment=" + "x".repeat(1 << 20)).substring(0, (1 << 20) - 1) + "\n";
    out.write((records + records).getBytes(StandardCharsets.US_ASCII));
    out.closeArchiveEntry();
    file("x", 0644);
    assertRefused("a header is over");
  }

  @Test
  void a_sparse_file_is_refused_whatever_size_it_claims() throws Exception {
    var records =
        record("GNU.sparse.major=1")
            + record("GNU.sparse.minor=0")
            + record("GNU.sparse.name=x")
            + record("GNU.sparse.realsize=1");
    var header = new TarArchiveEntry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    header.setSize(records.length());
    out.putArchiveEntry(header);
    out.write(records.getBytes(StandardCharsets.US_ASCII));
    out.closeArchiveEntry();
    var entry = new TarArchiveEntry("x", TarConstants.LF_NORMAL);
    var map = "1\n0\n1\n";
    entry.setSize(513);
    out.putArchiveEntry(entry);
    out.write((map + "\0".repeat(512 - map.length()) + "y").getBytes(StandardCharsets.US_ASCII));
    out.closeArchiveEntry();
    assertRefused("no plain file");
    assertThat(root).isEmptyDirectory();
  }

  /** A pax record begins with its own length, here of two digits. */
  private static String record(String text) {
    return text.length() + 4 + " " + text + "\n";
  }

  @Test
  void a_size_beyond_what_was_signed_is_refused_before_a_byte_is_written() throws Exception {
    var entry = new TarArchiveEntry("big", TarConstants.LF_NORMAL);
    entry.setSize(11);
    out.putArchiveEntry(entry);
    out.write(new byte[11]);
    out.closeArchiveEntry();
    assertRefused("unpacks to over 10 bytes");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void more_entries_than_allowed_are_refused_though_each_is_empty() throws Exception {
    for (var i = 0; i < 101; i++) {
      special("l" + i, TarConstants.LF_SYMLINK, "x");
    }
    assertRefusedOf(100, "more than 100 entries");
  }

  @Test
  void folders_that_only_paths_name_count_as_well() throws Exception {
    special("a/".repeat(60), TarConstants.LF_DIR, "");
    special("b/".repeat(60), TarConstants.LF_DIR, "");
    assertRefusedOf(100, "more than 100 folders");
  }

  private void assertRefusedOf(int mostEntries, String why) throws Exception {
    out.close();
    assertThatThrownBy(() -> new TarUnpacker(root, 10, mostEntries).unpack(tar))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(why);
  }

  @Test
  void long_names_are_refused() throws Exception {
    file("n".repeat(256), 0644);
    assertRefused("name of over 255");
  }

  @Test
  void long_paths_are_refused() throws Exception {
    file("n/".repeat(501) + "x", 0644);
    assertRefused("path of over 1000");
  }
}
