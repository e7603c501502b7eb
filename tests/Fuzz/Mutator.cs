namespace SimplexActors.Fuzz;

/// <summary>Spoils recordings in the ways that break parsers. Deterministic for a seed.</summary>
internal sealed class Mutator(int seed)
{
    private const int MaxChanges = 6;
    private const int MaxInsertBytes = 300;
    private const int MaxLengthBytes = 40_000;

    // Values at which counts, lengths and tags change their meaning.
    private static readonly byte[] Interesting = [0x00, 0x01, 0x17, 0x18, 0x19, 0x20, 0x23, 0x2c, 0x30, 0x31, 0x40, 0x46, 0x50, 0x54, 0x72, 0x7f, 0x80, 0xff];

    private readonly Random _random = new(seed);

    /// <summary>A changed copy of one of <paramref name="recordings"/>.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> recordings)
    {
        List<byte> input = [.. Pick(recordings)];
        for (int change = _random.Next(MaxChanges) + 1; change > 0; change--)
        {
            Change(input, recordings);
        }

        return [.. input.Take(MaxLengthBytes)];
    }

    private void Change(List<byte> input, IReadOnlyList<byte[]> recordings)
    {
        int at = _random.Next(input.Count + 1);
        switch (_random.Next(7))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = Interesting[_random.Next(Interesting.Length)];
                break;
            case 2:
                input.RemoveRange(at, Length(input.Count - at));
                break;
            case 3:
                byte[] inserted = new byte[_random.Next(_random.Next(2) == 0 ? 4 : MaxInsertBytes)];
                _random.NextBytes(inserted);
                input.InsertRange(at, inserted);
                break;
            case 4:
                input.InsertRange(at, input.GetRange(at, Length(input.Count - at)));
                break;
            case 5:
                byte[] other = Pick(recordings);
                int from = _random.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(from, Length(other.Length - from)));
                break;
            default:
                input.RemoveRange(at, input.Count - at);
                break;
        }
    }

    // Short ranges are as likely as long ones.
    private int Length(int max) => _random.Next(_random.Next(2) == 0 ? Math.Min(max, 4) + 1 : max + 1);

    private byte[] Pick(IReadOnlyList<byte[]> from) => from[_random.Next(from.Count)];
}
