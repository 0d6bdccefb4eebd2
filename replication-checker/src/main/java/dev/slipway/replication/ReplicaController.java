package dev.slipway.replication;

import dev.slipway.replication.ReplicaStore.Replica;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Where the copies of a build are. */
@RestController
public class ReplicaController {
  private final ReplicaStore replicas;

  ReplicaController(ReplicaStore replicas) {
    this.replicas = replicas;
  }

  /** A build's replicas by region. */
  @GetMapping("/api/v1/jobs/{job}/replicas")
  List<Replica> replicas(@PathVariable long job) {
    return replicas.replicasOf(job);
  }
}
