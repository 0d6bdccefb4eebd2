package dev.slipway.standalone;

import dev.slipway.common.region.RegionName;
import java.util.List;

/** How much of everything runs in the JVM. */
public record Size(List<RegionName> regions, int machinesARegion, int workers) {
  /** Three regions of four machines, and two workers. */
  public static final Size DEFAULT =
      new Size(
          List.of(new RegionName("eu-west"), new RegionName("us-east"), new RegionName("ap-south")),
          4,
          2);

  /** All machines of all regions. */
  public int machines() {
    return regions.size() * machinesARegion;
  }
}
