"""datatrove's MinHash over a JSON Lines file, run by the Python of an environment of its own.

Usage: PYTHON bench/minhash_rival.py DOCUMENTS.jsonl WORK N_GRAMS BUCKETS HASHES

Prints as JSON the seconds of CPU, those of its start included, and the pairs of line numbers that share a bucket.
"""

import json
import os
import sys
from pathlib import Path
from struct import iter_unpack

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import SENTINEL, MinhashConfig
from datatrove.pipeline.readers import JsonlReader


def near_duplicate_pairs(documents: Path, work: Path, config: MinhashConfig) -> list[tuple[int, int]]:
    """The pairs of line numbers that datatrove takes for near-duplicates, before it joins them to clusters."""
    signatures, buckets = str(work / "signatures"), str(work / "buckets")
    reader = JsonlReader(str(documents.parent), glob_pattern=documents.name)
    signer = MinhashDedupSignature(signatures, config=config)
    joiner = MinhashDedupBuckets(signatures, buckets, config=config)
    LocalPipelineExecutor([reader, signer], tasks=1, logging_dir=str(work / "log1")).run()
    LocalPipelineExecutor(
        [joiner], tasks=config.num_buckets, workers=1, logging_dir=str(work / "log2")
    ).run()
    pairs = {
        (one, other)
        for file in (work / "buckets").glob("*.dups")
        for _, one, _, other in iter_unpack("<4I", file.read_bytes())
        if SENTINEL not in (one, other)
    }
    return sorted(pairs)


def main() -> None:
    """Run it with the settings of the command line."""
    documents, work = Path(sys.argv[1]), Path(sys.argv[2])
    n_grams, buckets, hashes = map(int, sys.argv[3:])
    config = MinhashConfig(n_grams=n_grams, num_buckets=buckets, hashes_per_bucket=hashes)
    pairs = near_duplicate_pairs(documents, work, config)
    print(json.dumps({"seconds": sum(os.times()[:4]), "pairs": pairs}))


if __name__ == "__main__":
    main()
