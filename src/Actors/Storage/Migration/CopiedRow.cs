using System.Text;
using Npgsql;
using NpgsqlTypes;
using SimplexActors.Actors.Storage.Sqlite;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>One row on its way: from the source into the target, and from both into a hash.</summary>
internal static class CopiedRow
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>False for numbers that the target's type does not hold, and for text that is none.</summary>
    public static bool FitsTypes(SqliteStatement row, CopiedTable table)
    {
        for (int i = 0; i < table.Columns.Length; i++)
        {
            bool fits = row.IsNull(i) || table.Columns[i].Kind switch
            {
                ColumnKind.Integer => row.Integer(i) is >= int.MinValue and <= int.MaxValue,
                ColumnKind.Flag => row.Integer(i) is 0 or 1,
                ColumnKind.Text => System.Text.Unicode.Utf8.IsValid(row.Blob(i)) && !row.Blob(i).Contains((byte)0),
                _ => true,
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the current row of the source.</summary>
    /// <returns>Bytes, about.</returns>
    public static async Task<int> WriteAsync(NpgsqlBinaryImporter target, SqliteStatement row, CopiedTable table, string node, CancellationToken cancellation)
    {
        await target.StartRowAsync(cancellation);
        if (table.IsOfNode)
        {
            await target.WriteAsync(node, NpgsqlDbType.Text, cancellation);
        }

        int bytes = 0;
        for (int i = 0; i < table.Columns.Length; i++)
        {
            bytes += sizeof(long);
            if (row.IsNull(i))
            {
                await target.WriteNullAsync(cancellation);
                continue;
            }

            switch (table.Columns[i].Kind)
            {
                case ColumnKind.Bytes:
                    byte[] value = row.Blob(i).ToArray();
                    bytes += value.Length;
                    await target.WriteAsync(value, NpgsqlDbType.Bytea, cancellation);
                    break;
                case ColumnKind.Text:
                    await target.WriteAsync(Strict.GetString(row.Blob(i)), NpgsqlDbType.Text, cancellation);
                    break;
                case ColumnKind.Integer:
                    await target.WriteAsync((int)row.Integer(i), NpgsqlDbType.Integer, cancellation);
                    break;
                case ColumnKind.Flag:
                    await target.WriteAsync(row.Integer(i) != 0, NpgsqlDbType.Boolean, cancellation);
                    break;
                default:
                    await target.WriteAsync(row.Integer(i), NpgsqlDbType.Bigint, cancellation);
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Adds the current row of the source to a hash.</summary>
    public static void Hash(RowHash hash, SqliteStatement row, CopiedTable table)
    {
        for (int i = 0; i < table.Columns.Length; i++)
        {
            if (row.IsNull(i))
            {
                hash.AddNull();
            }
            else if (table.Columns[i].Kind is ColumnKind.Bytes or ColumnKind.Text)
            {
                hash.Add(row.Blob(i));
            }
            else
            {
                hash.Add(row.Integer(i));
            }
        }

        hash.EndRow();
    }

    /// <summary>Adds the current row of the target to a hash.</summary>
    public static void Hash(RowHash hash, NpgsqlDataReader row, CopiedTable table)
    {
        for (int i = 0; i < table.Columns.Length; i++)
        {
            if (row.IsDBNull(i))
            {
                hash.AddNull();
                continue;
            }

            switch (table.Columns[i].Kind)
            {
                case ColumnKind.Bytes:
                    hash.Add(row.GetFieldValue<byte[]>(i));
                    break;
                case ColumnKind.Text:
                    hash.Add(Strict.GetBytes(row.GetString(i)));
                    break;
                case ColumnKind.Integer:
                    hash.Add(row.GetInt32(i));
                    break;
                case ColumnKind.Flag:
                    hash.Add(row.GetBoolean(i) ? 1 : 0);
                    break;
                default:
                    hash.Add(row.GetInt64(i));
                    break;
            }
        }

        hash.EndRow();
    }
}
