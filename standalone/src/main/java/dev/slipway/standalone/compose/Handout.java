package dev.slipway.standalone.compose;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.region.RegionName;
import dev.slipway.standalone.Keys;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

/**
 * Gives each part of the installation the secrets that it needs, and no others, in a volume of its
 * own. A file is called as the property that it holds, which is how Spring reads a folder of
 * secrets; the others are PEM files and the machines' settings. What is there is written anew.
 */
final class Handout {
  /** Where each container finds its volume. */
  private static final String OWN = "/run/slipway/keys/";

  private static final String SIGNING_KEY = "signing.pem";
  private static final String SIGNING_PUBLIC_KEY = "signing.pub.pem";
  private static final String TARGET_KEY = "targets.pem";
  private static final String TARGET_PUBLIC_KEY = "targets.pub.pem";

  private final Keys keys;
  private final Path volumes;

  /**
   * @param volumes holds a folder a volume: {@code control}, {@code worker}, {@code git}, and for
   *     each region {@code REGION} and {@code machines-REGION}
   */
  Handout(Keys keys, Path volumes) {
    this.keys = keys;
    this.volumes = volumes;
  }

  /** Writes all of them. */
  void run() throws IOException {
    toControl();
    toWorkers();
    for (var region : Composed.SIZE.regions()) {
      toRegion(region);
    }
    for (var machine = 0; machine < Composed.SIZE.machines(); machine++) {
      toMachine(machine);
    }
    write("git", "webhook-secret", keys.secret("webhook"));
  }

  private void toControl() throws IOException {
    write("control", "spring.datasource.password", keys.secret("database"));
    write("control", "slipway.deploy.admin-token", keys.secret("admin"));
    write("control", "slipway.replication.announce-secret", keys.secret("announce"));
    copy("control", TARGET_KEY, keys.targetKeyFile());
    copy("control", TARGET_PUBLIC_KEY, keys.targetPublicKeyFile());
  }

  private void toWorkers() throws IOException {
    write("worker", "spring.datasource.password", keys.secret("database"));
    write("worker", "slipway.worker.token", keys.secret("worker"));
    copy("worker", SIGNING_KEY, keys.signingKeyFile());
    copy("worker", SIGNING_PUBLIC_KEY, keys.publicKeyFile());
  }

  private void toRegion(RegionName region) throws IOException {
    var volume = region.value();
    write(volume, "slipway.region.token", keys.secret("region-" + region));
    write(volume, "slipway.region.machine-secret", keys.secret("machines-" + region));
    write(volume, "slipway.region.swarm-secret", keys.secret("swarm"));
    copy(volume, SIGNING_PUBLIC_KEY, keys.publicKeyFile());
    var machines = "machines-" + region;
    copy(machines, SIGNING_PUBLIC_KEY, keys.publicKeyFile());
    copy(machines, TARGET_PUBLIC_KEY, keys.targetPublicKeyFile());
  }

  private void toMachine(int index) throws IOException {
    var machine = Composed.machine(index);
    var region = Composed.region(index);
    var settings = new Properties();
    settings.put("slipway.machine.id", machine.value());
    settings.put("slipway.machine.region", region.value());
    settings.put("slipway.machine.zone", "zone-" + (char) ('a' + index % 2));
    settings.put("slipway.machine.regional-agents", Composed.regionalAgent(region).toString());
    settings.put(
        "slipway.machine.token",
        new MachineTokens(keys.secret("machines-" + region)).tokenOf(machine));
    settings.put("slipway.machine.trusted-key-files", OWN + SIGNING_PUBLIC_KEY);
    settings.put("slipway.machine.target-key-files", OWN + TARGET_PUBLIC_KEY);
    settings.put("slipway.machine.provenance", "enforce");
    settings.put("slipway.machine.repositories", Composed.git() + "/*");
    settings.put("slipway.machine.dir", "/var/lib/slipway");
    settings.put("slipway.machine.stop-apps", "true");
    settings.put("slipway.machine.any-app", Composed.FIRST_APP + "-" + Composed.LAST_APP);
    var text = new StringWriter();
    settings.store(text, null);
    write("machines-" + region, machine + ".properties", text.toString());
  }

  private void copy(String volume, String name, Path file) throws IOException {
    write(volume, name, Files.readString(file));
  }

  private void write(String volume, String name, String text) throws IOException {
    var file = volumes.resolve(volume).resolve(name);
    var half = volumes.resolve(volume).resolve(name + ".half");
    Files.deleteIfExists(half);
    Files.createFile(
        half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(half, text);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
