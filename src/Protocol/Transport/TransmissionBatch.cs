namespace SimplexActors.Protocol.Transport;

/// <summary>
/// Decides which transmissions share a block (S-121, S-122): order is kept, and blocks are filled from the end of the
/// list, so that the first block takes what is left over.
/// </summary>
public static class TransmissionBatch
{
    /// <summary>Transmissions that one block can count.</summary>
    public const int MaxCount = byte.MaxValue;

    /// <summary>Splits a list of transmissions into blocks.</summary>
    /// <param name="lengths">Length of each transmission, in bytes, without its own length prefix.</param>
    /// <param name="blocks">Emptied, then filled in order.</param>
    public static void Split(ReadOnlySpan<int> lengths, List<BatchPart> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        blocks.Clear();
        int used = 0;
        int end = lengths.Length;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            int length = sizeof(ushort) + lengths[i];
            if (length > Block.MaxTransmissions)
            {
                Add(blocks, i + 1, end);
                blocks.Add(new BatchPart(i, 1, IsTooLarge: true));
                (used, end) = (0, i);
            }
            else if (used + length > Block.MaxTransmissions || end - i > MaxCount)
            {
                Add(blocks, i + 1, end);
                (used, end) = (length, i + 1);
            }
            else
            {
                used += length;
            }
        }

        Add(blocks, 0, end);
        blocks.Reverse();
    }

    private static void Add(List<BatchPart> blocks, int start, int end)
    {
        if (start < end)
        {
            blocks.Add(new BatchPart(start, end - start, IsTooLarge: false));
        }
    }
}

/// <summary>Neighbouring transmissions that travel in one block.</summary>
/// <param name="Start">Index of the first.</param>
/// <param name="Count">How many; 1 to 255.</param>
/// <param name="IsTooLarge">The one transmission does not fit in any block; it is not sent.</param>
public readonly record struct BatchPart(int Start, int Count, bool IsTooLarge);
